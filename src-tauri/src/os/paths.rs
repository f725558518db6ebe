//! Where the desk's folder is.

use std::path::{Path, PathBuf};

/// `--data-dir`, else `GLADSTONE_HOME`, else the user's data folder.
pub fn desk_folder(given: Option<&Path>) -> Option<PathBuf> {
    given
        .map(Path::to_path_buf)
        .or_else(|| std::env::var_os("GLADSTONE_HOME").filter(|home| !home.is_empty()).map(PathBuf::from))
        .or_else(|| dirs::data_dir().map(|folder| folder.join("gladstone")))
}
