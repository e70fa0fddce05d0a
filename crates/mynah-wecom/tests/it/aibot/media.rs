//! Files that people send, as two SDKs encrypt and decrypt them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mynah_wecom::aibot::{MediaError, MediaKey};

use super::vectors;

const SIGNATURE: &str = include_str!("../../vectors/signature.json");

#[test]
fn encrypted_files_open_as_they_do_with_others() {
    let signature = vectors(SIGNATURE);
    let cases = signature["aibot_media"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let decoded = |field: &str| Some(STANDARD.decode(case[field].as_str()?).unwrap());
        let key = MediaKey::new(case["aeskey"].as_str().unwrap());
        let encrypted = decoded("encrypted_base64").unwrap();
        let opened = key.open(encrypted.clone());
        assert_eq!(
            opened.clone().ok(),
            decoded("plain_base64"),
            "{}",
            case["id"]
        );
        if let Ok(plain) = opened {
            assert_eq!(key.seal(plain).unwrap(), encrypted, "{}", case["id"]);
        }
    }
}

#[test]
fn what_is_wrong_with_a_file_or_its_key_is_told_apart() {
    let key = MediaKey::from_bytes(&[7; 32]);
    assert_eq!(key.open(vec![0; 31]), Err(MediaError::Length(31)));
    assert_eq!(key.open(vec![0; 32]), Err(MediaError::Padding));
    for text in ["", "AAAA", "not base64 at all!", &"A".repeat(44)] {
        let key = MediaKey::new(text);
        let error = key.open(vec![0; 32]).unwrap_err();
        assert_eq!(error, MediaError::Key(text.len()));
        assert!(text.is_empty() || !error.to_string().contains(text));
    }
}
