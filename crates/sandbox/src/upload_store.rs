//! Keeps the files that visitors uploaded most recently in memory. When there are more than `MAX_FILES`, the oldest file
//! is dropped.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;

/// The number of files that are kept. A few files are enough for tests and demos, and limit the memory.
const MAX_FILES: usize = 8;

/// The newest uploads, each with its number.
#[derive(Debug, Default)]
pub(crate) struct UploadStore(Mutex<Uploads>);

#[derive(Debug, Default)]
struct Uploads {
    /// The number of the newest file; 0 before the first upload.
    last_number: usize,
    /// The files with their numbers, oldest first.
    files: VecDeque<(usize, Upload)>,
}

/// A file that a visitor uploaded.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) content: Bytes,
}

impl UploadStore {
    /// Stores a file and returns its number.
    pub(crate) fn insert(&self, upload: Upload) -> usize {
        let mut uploads = self.lock();
        uploads.last_number += 1;
        let number = uploads.last_number;
        uploads.files.push_back((number, upload));
        if uploads.files.len() > MAX_FILES {
            uploads.files.pop_front();
        }
        number
    }

    /// The file with this number; `None` if it never existed or has been dropped.
    pub(crate) fn get(&self, number: usize) -> Option<Upload> {
        let uploads = self.lock();
        let mut files = uploads.files.iter();
        let entry = files.find(|(stored_number, _)| *stored_number == number);
        entry.map(|(_, upload)| upload.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Uploads> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
