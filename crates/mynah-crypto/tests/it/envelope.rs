//! Signatures and sealed messages.

use mynah_crypto::{EncodingAesKey, Envelope, Unopened, hex};
use proptest::prelude::*;

use super::vectors::{CRYPTO, CryptoCase, CryptoFile, SIGNATURE, SignatureFile, read, said};

const KEY: &str = "TXluYWgtc2FuZGJveC1lbmNvZGluZy1hZXMta2V5ISE";

fn envelope(token: &str, key: &str, receiver: &str) -> Envelope {
    Envelope::new(token, &EncodingAesKey::new(key).unwrap(), receiver)
}

#[test]
fn signatures_are_those_of_the_peers() {
    let file: SignatureFile = read(SIGNATURE);
    assert_eq!(file.callback_signatures.len(), 9);
    for case in file.callback_signatures {
        let envelope = envelope(&case.token, KEY, "");
        let signature = envelope.sign(&case.timestamp, &case.nonce, &case.encrypt);
        assert_eq!(hex(&signature), case.signature, "{}", case.id);
        let verified = |signature: &str| {
            envelope.verify(&case.timestamp, &case.nonce, &case.encrypt, signature)
        };
        assert!(verified(&case.signature), "{}", case.id);
        assert!(!verified(&case.signature.to_uppercase()), "{}", case.id);
        assert!(!verified(&case.signature[1..]), "{}", case.id);
        assert!(!verified(""), "{}", case.id);
    }
}

#[test]
fn what_we_seal_is_what_the_peers_seal() {
    let file: CryptoFile = read(CRYPTO);
    let mut count = 0;
    for case in file.vectors {
        let CryptoCase::Encrypt { id, input, output } = case else {
            continue;
        };
        count += 1;
        let envelope = envelope(&input.token, &input.encoding_aes_key, &input.receiveid);
        let random = input.random16.as_bytes().try_into().unwrap();
        let sealed = envelope.seal(random, &input.message);
        assert_eq!(sealed, output.encrypt, "{id}");
        let signature = envelope.sign(&input.timestamp, &input.nonce, &sealed);
        assert_eq!(hex(&signature), output.msg_signature, "{id}");
        assert_eq!(envelope.open(&sealed).unwrap(), input.message, "{id}");
    }
    assert_eq!(count, 10);
}

/// How the vectors call what we refuse.
fn reason(refusal: Unopened) -> &'static str {
    match refusal {
        Unopened::Base64 => "base64",
        Unopened::Length(length) if length < 32 => "too short",
        Unopened::Length(_) => "block size",
        Unopened::Padding => "padding",
        Unopened::Short(_) => "too short",
        Unopened::Message { .. } => "length",
        Unopened::Utf8 => "utf-8",
        Unopened::Receiver { .. } => "receiveid",
    }
}

#[test]
fn what_the_peers_sealed_is_opened_and_the_rest_is_refused_with_the_right_reason() {
    let file: CryptoFile = read(CRYPTO);
    let mut count = 0;
    for case in file.vectors {
        let CryptoCase::Decrypt {
            id,
            input,
            expect,
            verdict,
        } = case
        else {
            continue;
        };
        count += 1;
        let envelope = envelope(&input.token, &input.encoding_aes_key, &input.receiveid);
        let verified = envelope.verify(
            &input.timestamp,
            &input.nonce,
            &input.encrypt,
            &input.msg_signature,
        );
        if expect == "reject: signature" {
            assert!(!verified, "{id}");
            continue;
        }
        assert!(verified, "{id}");
        let opened = envelope.open(&input.encrypt);
        if expect.ends_with("accept") {
            let peer = said(&verdict, "wechatpy").unwrap().as_str();
            assert_eq!(opened.as_deref().ok(), peer, "{id}");
        } else {
            let allowed = expect.strip_prefix("reject: ").unwrap();
            let reason = reason(opened.unwrap_err());
            let allows = allowed.split(" or ").any(|allowed| allowed == reason);
            assert!(allows, "{id}: {reason} instead of {allowed}");
        }
    }
    assert_eq!(count, 30);
}

#[test]
fn the_token_and_the_key_never_show() {
    let envelope = envelope("MynahToken123", KEY, "ww-sandbox");
    let shown = format!("{envelope:?}");
    assert_eq!(shown, r#"Envelope { receiver: "ww-sandbox", .. }"#);
}

/// Why signatures alone tell repeated messages apart: they are over the parts
/// joined, and do not say where one ends and the next begins.
#[test]
fn a_signature_does_not_tell_timestamp_from_nonce() {
    let envelope = envelope("MynahToken123", KEY, "ww-sandbox");
    let signature = hex(&envelope.sign("1700000000", "1372623149", "Zeta=="));
    for (timestamp, nonce) in [
        ("1372623149", "1700000000"),
        ("137262314", "91700000000"),
        ("13726231491", "700000000"),
    ] {
        assert!(envelope.verify(timestamp, nonce, "Zeta==", &signature));
    }
}

fn messages() -> impl Strategy<Value = (String, String, [u8; 16], String)> {
    (
        "[A-Za-z0-9]{0,32}",
        "[a-z0-9_-]{0,40}",
        any::<[u8; 16]>(),
        ".{0,200}",
    )
}

proptest! {
    #[test]
    fn what_was_sealed_is_opened((token, receiver, random, message) in messages()) {
        let envelope = envelope(&token, KEY, &receiver);
        let sealed = envelope.seal(random, &message);
        prop_assert_eq!(envelope.open(&sealed), Ok(message));
    }

    #[test]
    fn a_changed_text_has_another_signature(
        (token, receiver, random, message) in messages(), at: prop::sample::Index, bit in 0..7_u32,
    ) {
        let envelope = envelope(&token, KEY, &receiver);
        let sealed = envelope.seal(random, &message);
        let signature = hex(&envelope.sign("1700000000", "1372623149", &sealed));
        let mut changed = sealed.into_bytes();
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        let changed = String::from_utf8(changed).unwrap();
        prop_assert!(!envelope.verify("1700000000", "1372623149", &changed, &signature));
    }

    /// The cipher authenticates nothing. A flipped bit spoils its own block and
    /// flips the same bit of the next one; where both hold random bytes or the
    /// message, the message comes out changed, and only the signature can tell.
    /// What frames the message is checked: its length, the receiver, the padding.
    #[test]
    fn a_flipped_bit_is_refused_or_changes_nothing_but_random_bytes_and_message(
        message in "[a-z]{0,80}", at: prop::sample::Index, bit in 0..8_u32,
    ) {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;

        let envelope = envelope("MynahToken123", KEY, "ww-sandbox");
        let mut data = STANDARD.decode(envelope.seal([b'x'; 16], &message)).unwrap();
        let at = at.index(data.len());
        data[at] ^= 1 << bit;
        let (own, next) = (at / 16, at / 16 + 1);
        let end = 20 + message.len();
        // Bytes 16 to 19 are the length; behind `end` are receiver and padding.
        let touches_frame = own >= 1 && (own * 16 < 20 || own * 16 + 16 > end)
            || next * 16 + at % 16 >= end
            || (16..20).contains(&(next * 16 + at % 16));
        match envelope.open(&STANDARD.encode(data)) {
            Ok(opened) => {
                prop_assert!(!touches_frame, "a changed frame was accepted");
                prop_assert_eq!(opened.len(), message.len());
            }
            // A spoiled block of the message is no UTF-8, nearly always.
            Err(refusal) => prop_assert!(touches_frame || refusal == Unopened::Utf8),
        }
    }

    #[test]
    fn any_text_is_refused_or_opened_without_panic(text in ".{0,100}") {
        let _ = envelope("MynahToken123", KEY, "").open(&text);
    }
}
