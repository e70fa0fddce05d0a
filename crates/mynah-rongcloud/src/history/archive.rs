//! The ZIP that a file of records comes in.

use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};

use zip::read::ZipFile;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Record, Records};

/// The longest file of records, in bytes when it is not packed: 4 GiB. What a
/// small archive may grow to has no other bound.
pub const LARGEST_LOG: u64 = 1 << 32;

/// Why an archive cannot be opened or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadArchive {
    /// It is no ZIP, or one of a kind that is not read.
    #[error("not an archive that can be read: {0}")]
    Zip(#[from] ZipError),
    /// There is not one file in it, but so many.
    #[error("there are {0} members in the archive, not one")]
    Members(usize),
    /// A record cannot be written.
    #[error("a record cannot be written: {0}")]
    Unwritten(#[from] io::Error),
}

/// A file of records in its ZIP.
///
/// ```
/// use mynah_rongcloud::history::{Archive, Record, pack};
/// use mynah_rongcloud::ConversationType;
///
/// let said = Record::new("rc-sandbox", "alice", ConversationType::Private, "bob", "hello");
/// let zip = pack("2014010101", [&said])?;
///
/// let mut archive = Archive::of(&zip)?;
/// assert_eq!(archive.name(), "2014010101.log");
/// let records: Vec<Record> = archive.records()?.collect::<Result<_, _>>()?;
/// assert_eq!(records, [said]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Archive<R> {
    zip: ZipArchive<R>,
    name: String,
    largest: u64,
}

impl<'b> Archive<Cursor<&'b [u8]>> {
    /// Opens one that was read as a whole.
    ///
    /// # Errors
    /// As [`open`](Archive::open).
    pub fn of(bytes: &'b (impl AsRef<[u8]> + ?Sized)) -> Result<Self, BadArchive> {
        Self::open(Cursor::new(bytes.as_ref()))
    }
}

impl<R: Read + Seek> Archive<R> {
    /// Opens one. What it says of its file stands at its end, so it cannot be
    /// read while it comes: keep it in a file or in memory.
    ///
    /// # Errors
    /// It is no archive of one file.
    pub fn open(reader: R) -> Result<Self, BadArchive> {
        let zip = ZipArchive::new(reader)?;
        if zip.len() != 1 {
            return Err(BadArchive::Members(zip.len()));
        }
        let name = zip.by_index_data(0)?.name()?.into_owned();
        Ok(Self {
            zip,
            name,
            largest: LARGEST_LOG,
        })
    }

    /// Sets how long the file may be when it is unpacked, in bytes;
    /// [`LARGEST_LOG`] otherwise.
    #[must_use]
    pub fn at_most(self, largest: u64) -> Self {
        Self { largest, ..self }
    }

    /// What the file is called, such as `2014010101.log`: the hour.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The records, unpacked one by one: no more than one of them is kept in
    /// memory. Where the file is broken, or longer than it
    /// [may be](Self::at_most), the last of them is an error.
    ///
    /// # Errors
    /// The file is packed in a way that is not read, or encrypted.
    pub fn records(&mut self) -> Result<Records<impl BufRead>, BadArchive> {
        let file = self.zip.by_index(0)?;
        let bounded = Bounded {
            file,
            left: self.largest,
        };
        Ok(Records::of(BufReader::new(bounded)))
    }
}

/// The unpacked file, up to a limit.
struct Bounded<'a, R: Read> {
    file: ZipFile<'a, R>,
    left: u64,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let problem = "longer than it may be when unpacked";
            io::Error::new(io::ErrorKind::InvalidData, problem)
        })?;
        Ok(read)
    }
}

/// Packs the records of an hour, which is ten digits: the platform's side.
/// The same records make the same bytes.
///
/// # Errors
/// They are more than a ZIP takes.
pub fn pack<'r>(
    date: &str,
    records: impl IntoIterator<Item = &'r Record>,
) -> Result<Vec<u8>, BadArchive> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(format!("{date}.log"), deflated)?;
    for record in records {
        record.write(&mut zip)?;
    }
    Ok(zip.finish()?.into_inner())
}
