//! Just enough of RFC 6455: whole text frames.

use bytes::{Buf, BufMut, BytesMut};

/// Opcode of a text frame.
pub const TEXT: u8 = 1;

/// Opcode of a close frame.
pub const CLOSE: u8 = 8;

/// Opcode of a ping.
pub const PING: u8 = 9;

/// A frame that was read, with its payload unmasked.
#[derive(Debug)]
pub struct Frame {
    /// What it is.
    pub opcode: u8,
    /// What it carries.
    pub payload: BytesMut,
}

/// Takes a whole frame off the front of `buffer`, if there is one.
pub fn take(buffer: &mut BytesMut) -> Option<Frame> {
    let (first, second) = (*buffer.first()?, *buffer.get(1)?);
    let (length, mut at) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes(array(buffer, 2)?)), 4),
        127 => (
            usize::try_from(u64::from_be_bytes(array(buffer, 2)?)).ok()?,
            10,
        ),
        short => (usize::from(short), 2),
    };
    let mask = if second & 0x80 == 0 {
        [0; 4]
    } else {
        at += 4;
        array(buffer, at - 4)?
    };
    if buffer.len() < at.checked_add(length)? {
        return None;
    }
    buffer.advance(at);
    let mut payload = buffer.split_to(length);
    if mask != [0; 4] {
        unmask(&mut payload, mask);
    }
    Some(Frame {
        opcode: first & 0x0f,
        payload,
    })
}

fn array<const N: usize>(buffer: &[u8], at: usize) -> Option<[u8; N]> {
    buffer.get(at..at + N)?.try_into().ok()
}

fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let wide = u64::from_ne_bytes([mask, mask].concat().try_into().unwrap_or_default());
    let mut eights = payload.chunks_exact_mut(8);
    for eight in &mut eights {
        let word = u64::from_ne_bytes((&*eight).try_into().unwrap_or_default());
        eight.copy_from_slice(&(word ^ wide).to_ne_bytes());
    }
    for (byte, mask) in eights.into_remainder().iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
}

/// Adds a frame to `buffer`. A client must mask; the mask is zero, which
/// leaves the payload as it is.
#[allow(clippy::cast_possible_truncation)]
pub fn put(buffer: &mut BytesMut, opcode: u8, payload: &[u8], masked: bool) {
    let mask = if masked { 0x80 } else { 0 };
    buffer.put_u8(0x80 | opcode);
    // The seven bits hold a short length, or say how many bytes the length takes.
    let (bits, length) = match payload.len() {
        short @ 0..=125 => (short as u8, &[][..]),
        0..=0xffff => (0x7e, &(payload.len() as u16).to_be_bytes()[..]),
        _ => (0x7f, &(payload.len() as u64).to_be_bytes()[..]),
    };
    buffer.put_u8(mask | bits);
    buffer.put_slice(length);
    if masked {
        buffer.put_u32(0);
    }
    buffer.put_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_every_length_come_back() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            for masked in [false, true] {
                let payload = vec![b'x'; length];
                let mut buffer = BytesMut::new();
                put(&mut buffer, TEXT, &payload, masked);
                let whole = buffer.clone();
                let mut part = BytesMut::from(&whole[..whole.len() - 1]);
                assert!(take(&mut part).is_none());
                let frame = take(&mut buffer).unwrap();
                assert_eq!((frame.opcode, &frame.payload[..]), (TEXT, &payload[..]));
                assert!(buffer.is_empty());
            }
        }
    }

    /// The masked "Hello" of RFC 6455, 5.7.
    #[test]
    fn a_mask_is_taken_off() {
        let mut buffer = BytesMut::from(
            &[
                0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
            ][..],
        );
        assert_eq!(take(&mut buffer).unwrap().payload, "Hello");
        let mut long = *b"123456789 123456789 ";
        unmask(&mut long, [1, 2, 3, 4]);
        unmask(&mut long, [1, 2, 3, 4]);
        assert_eq!(&long, b"123456789 123456789 ");
    }
}
