//! The key as consoles show it.

use mynah_crypto::{BadKey, EncodingAesKey, hex};

use super::vectors::{CRYPTO, CryptoFile, read, said};

#[test]
fn keys_are_read_as_the_peer_reads_them() {
    let file: CryptoFile = read(CRYPTO);
    assert_eq!(file.encoding_aes_keys.len(), 7);
    for case in file.encoding_aes_keys {
        let key = EncodingAesKey::new(&case.encoding_aes_key);
        let bytes = key.ok().map(|key| hex(key.expose_bytes()));
        let expected = said(&case.verdict, "wechatpy").map(|bytes| bytes.as_str().unwrap());
        assert_eq!(bytes.as_deref(), expected, "{}", case.id);
    }
}

#[test]
fn a_key_that_is_none_is_told_by_its_length_or_the_place() {
    let refused = |text: &str| EncodingAesKey::new(text).unwrap_err();
    assert_eq!(refused(""), BadKey::Length(0));
    assert_eq!(refused(&"1".repeat(42)), BadKey::Length(42));
    assert_eq!(refused(&"1".repeat(44)), BadKey::Length(44));
    assert_eq!(
        refused(&format!("{}=", "1".repeat(42))),
        BadKey::Character(43)
    );
    assert_eq!(
        refused(&format!("+{}", "1".repeat(42))),
        BadKey::Character(1)
    );
    // Fourteen characters of three bytes each, and one of one.
    let wide = format!("{}1", "键".repeat(14));
    assert_eq!(refused(&wide), BadKey::Character(1));
    let words = refused("secret-words").to_string();
    assert!(!words.contains("secret"), "{words}");
}

#[test]
fn a_key_is_written_as_it_was_read_but_for_the_surplus_bits() {
    let text = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    let key = EncodingAesKey::new(text).unwrap();
    let written = key.expose_text();
    assert_eq!(written[..42], text[..42]);
    let again = EncodingAesKey::new(&written).unwrap();
    assert_eq!(again.expose_bytes(), key.expose_bytes());
    assert_eq!(key.clone().expose_bytes(), key.expose_bytes());
    assert_eq!(format!("{key:?}"), "EncodingAesKey(…)");
}
