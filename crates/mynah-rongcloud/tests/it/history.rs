//! The file of what was said within an hour.

use std::io::{self, BufReader, Read};

use mynah_rongcloud::event::Source;
use mynah_rongcloud::history::{BadRecord, LARGEST_RECORD, Record, Records};
use mynah_rongcloud::{Content, ConversationType};
use serde_json::{Value, json};

/// The record that the platform's support published.
fn published() -> Value {
    json!({
        "appId": "rc-sandbox", "fromUserId": "1801", "targetId": "1101", "targetType": 1,
        "GroupId": "", "classname": "RC:TxtMsg", "content": {"content": "hi"},
        "dateTime": "2023-01-28 16:57:11.262", "timestamp": 1_674_896_231_262_i64,
        "msgUID": "C5UU-C4MN-JDK5-E111", "source": "Android", "isSensitiveWord": "false",
    })
}

fn read(log: &str) -> Vec<Result<Record, BadRecord>> {
    Records::of(log.as_bytes()).collect()
}

fn hello() -> Record {
    Record::new(
        "rc-sandbox",
        "alice",
        ConversationType::Private,
        "bob",
        "hello",
    )
}

#[test]
fn the_published_record_is_read_and_written_as_it_came() {
    let mut records = read(&published().to_string());
    let record = records.remove(0).unwrap();
    assert_eq!(records.len(), 0);
    assert_eq!(record.target_type, ConversationType::Private);
    assert_eq!(record.source, Some(Source::Android));
    assert!(!record.is_sensitive_word);
    assert_eq!(record.extra.len(), 0);
    assert!(matches!(record.said(), Content::Text(text) if text.content == "hi"));
    assert_eq!(serde_json::to_value(&record).unwrap(), published());
}

#[test]
fn content_is_an_object_where_it_can_be_one_and_text_otherwise() {
    assert_eq!(hello().content, json!({"content": "hello"}));
    for text in ["plain words", "7", "[1]"] {
        let odd = Content::custom("APP:Odd", text);
        let record = Record::new("a", "alice", ConversationType::Group, "g1", odd);
        assert_eq!(record.content, Value::from(text));
        assert_eq!(record.said().to_text(), text);
        assert_eq!(record.said().object_name().as_str(), "APP:Odd");
    }
}

#[test]
fn what_was_written_is_read_one_by_one() {
    let mut log = Vec::new();
    let sensitive = Record {
        is_sensitive_word: true,
        ..hello()
    };
    for record in [&hello(), &sensitive] {
        record.write(&mut log).unwrap();
    }
    assert_eq!(str::from_utf8(&log).unwrap().lines().count(), 2);
    let records: Vec<Record> = Records::of(&*log).map(Result::unwrap).collect();
    assert_eq!(records, [hello(), sensitive]);
}

#[test]
fn a_line_that_is_no_record_does_not_hide_the_next_one() {
    let log = format!("\r\n{0}\r\n{{\"secret\":1}}\n\n{0}", published());
    let records = read(&log);
    assert_eq!(records.len(), 3);
    let bad = records[1].as_ref().unwrap_err();
    assert!(
        matches!(bad, BadRecord::NotARecord { line: 3, .. }),
        "{bad}"
    );
    assert!(!bad.to_string().contains("secret"));
    assert!(records[0].is_ok() && records[2].is_ok());
    assert_eq!(read("").len(), 0);
}

#[test]
fn a_line_without_an_end_is_not_kept() {
    let endless = BufReader::new(io::repeat(b' '));
    let mut records = Records::of(endless);
    assert!(matches!(
        records.next(),
        Some(Err(BadRecord::TooLong { line: 1 }))
    ));
    assert!(records.next().is_none());
    let longest = format!("{}{}\n", " ".repeat(LARGEST_RECORD - 1), "x");
    assert!(matches!(
        read(&longest)[..],
        [Err(BadRecord::NotARecord { .. })]
    ));
}

#[test]
fn a_reader_that_fails_ends_the_records() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let mut records = Records::of(BufReader::new(Broken));
    assert!(matches!(
        records.next(),
        Some(Err(BadRecord::Unread { line: 1, .. }))
    ));
    assert!(records.next().is_none());
}

#[cfg(feature = "history")]
mod archive {
    use std::io::{Cursor, Write};

    use mynah_rongcloud::history::{Archive, BadArchive, pack};
    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;

    fn zip(members: &[&str], method: CompressionMethod, text: &[u8]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for member in members {
            let options = SimpleFileOptions::default().compression_method(method);
            zip.start_file(*member, options).unwrap();
            zip.write_all(text).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn records(zip: &[u8]) -> Vec<Result<Record, BadRecord>> {
        Archive::of(zip).unwrap().records().unwrap().collect()
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let many: Vec<Record> = (0..1000)
            .map(|at| Record {
                timestamp: Some(at),
                ..hello()
            })
            .collect();
        let zip = pack("2014010101", &many).unwrap();
        assert_eq!(
            pack("2014010101", &many).unwrap(),
            zip,
            "nothing of the moment is in it"
        );
        assert!(zip.len() < 20_000, "{} bytes are not packed", zip.len());
        let mut archive = Archive::of(&zip).unwrap();
        assert_eq!(archive.name(), "2014010101.log");
        for _ in 0..2 {
            let records: Vec<Record> = archive.records().unwrap().map(Result::unwrap).collect();
            assert_eq!(records, many);
        }
        assert_eq!(self::records(&pack("2014010101", []).unwrap()).len(), 0);
    }

    #[test]
    fn a_file_that_is_only_stored_is_read_too() {
        let text = published().to_string();
        let zip = zip(
            &["2014010101.log"],
            CompressionMethod::Stored,
            text.as_bytes(),
        );
        assert!(records(&zip)[0].is_ok());
    }

    #[test]
    fn an_archive_holds_one_file() {
        for (members, count) in [(&[][..], 0), (&["a.log", "b.log"], 2)] {
            let zip = zip(members, CompressionMethod::Deflated, b"");
            let bad = Archive::of(&zip).unwrap_err();
            assert!(
                matches!(bad, BadArchive::Members(found) if found == count),
                "{bad}"
            );
        }
        for bytes in [&b""[..], b"{}", b"PK\x05\x06"] {
            assert!(matches!(Archive::of(bytes), Err(BadArchive::Zip(_))));
        }
    }

    #[test]
    fn what_was_damaged_is_told_at_its_place() {
        let zip = pack("2014010101", &[hello()]).unwrap();
        let mut broken = 0;
        for at in 0..zip.len() {
            let mut damaged = zip.clone();
            damaged[at] ^= 0x55;
            // Opened or refused, read or refused: it ends.
            let Ok(mut archive) = Archive::of(&damaged) else {
                continue;
            };
            let Ok(records) = archive.records() else {
                continue;
            };
            broken += records.take(10).filter(Result::is_err).count();
        }
        assert!(broken > 0, "the file has a checksum");
    }

    #[test]
    fn a_file_is_no_longer_than_it_may_be() {
        let zip = pack("2014010101", &vec![hello(); 1000]).unwrap();
        let mut whole = Vec::new();
        hello().write(&mut whole).unwrap();
        let size = 1000 * whole.len() as u64;
        let read = |largest| {
            let mut archive = Archive::of(&zip).unwrap().at_most(largest);
            archive.records().unwrap().collect::<Result<Vec<_>, _>>()
        };
        assert_eq!(read(size).unwrap().len(), 1000);
        assert!(matches!(read(size - 1), Err(BadRecord::Unread { .. })));
    }

    #[test]
    fn a_small_archive_of_one_endless_line_takes_little_room() {
        let bomb = zip(
            &["x.log"],
            CompressionMethod::Deflated,
            &vec![b' '; 8 << 20],
        );
        assert!(bomb.len() < 64 << 10);
        let found = records(&bomb);
        assert!(matches!(found[..], [Err(BadRecord::TooLong { line: 1 })]));
    }
}
