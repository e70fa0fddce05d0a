//! Bytes as text, and comparing them without telling where they differ.

use subtle::ConstantTimeEq;

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// Reads lower-case hexadecimal of exactly `N` bytes, the inverse of [`hex`].
///
/// ```
/// assert_eq!(mynah_crypto::unhex(b"00ff"), Some([0x00, 0xff]));
/// assert_eq!(mynah_crypto::unhex::<2>(b"00FF"), None);
/// ```
pub fn unhex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |digit| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_chunks() else {
        return None;
    };
    let pairs: &[[u8; 2]; N] = pairs.try_into().ok()?;
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// Whether the two are the same, in a time that does not depend on where they
/// differ. Their lengths are not hidden.
pub fn equal(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_needs_every_byte_and_the_same_length() {
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd"));
        assert!(!equal(b"abc", b"ab"));
    }

    #[test]
    fn only_lower_case_digits_of_the_right_number_are_read() {
        let bytes = [0x00, 0x5a, 0xff];
        assert_eq!(unhex(hex(&bytes).as_bytes()), Some(bytes));
        for text in ["", "0", "000", "0g", "0G", "FF", " 0", "0000"] {
            assert_eq!(unhex::<1>(text.as_bytes()), None, "{text:?}");
        }
    }
}
