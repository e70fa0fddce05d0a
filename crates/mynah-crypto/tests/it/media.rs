//! Files of intelligent bots.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mynah_crypto::{BadMedia, open_media, seal_media};
use proptest::prelude::*;

use super::vectors::{SIGNATURE, SignatureFile, read};

/// Keys come with or without the final `=`.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[test]
fn files_are_opened_and_sealed_as_the_peers_do_it() {
    let file: SignatureFile = read(SIGNATURE);
    assert_eq!(file.aibot_media.len(), 5);
    for case in file.aibot_media {
        let key = BASE64.decode(&case.aeskey).unwrap().try_into().unwrap();
        let sealed = BASE64.decode(&case.encrypted_base64).unwrap();
        let plain = case.plain_base64.map(|plain| BASE64.decode(plain).unwrap());
        let opened = open_media(&key, sealed.clone());
        assert_eq!(opened.ok(), plain, "{}", case.id);
        if let Some(plain) = plain {
            assert_eq!(seal_media(&key, plain), sealed, "{}", case.id);
        }
    }
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let key = [7; 32];
    let sealed = seal_media(&key, vec![1; 100]);
    assert_eq!(sealed.len(), 128);
    for length in [0, 1, 15, 17, 127] {
        let cut = sealed[..length].to_vec();
        assert_eq!(open_media(&key, cut), Err(BadMedia::Length(length)));
    }
    assert_eq!(
        open_media(&key, sealed[..112].to_vec()),
        Err(BadMedia::Padding)
    );
    assert_eq!(open_media(&[8; 32], sealed), Err(BadMedia::Padding));
}

proptest! {
    #[test]
    fn what_was_sealed_is_opened(key: [u8; 32], plain: Vec<u8>) {
        let sealed = seal_media(&key, plain.clone());
        prop_assert_eq!(sealed.len() % 32, 0);
        prop_assert_eq!(open_media(&key, sealed), Ok(plain));
    }
}
