//! Where things stand on this machine: the checkout, and one lasting cache for models and builds.

use std::env;
use std::path::PathBuf;

/// The folders every task works with.
pub struct Places {
    /// The checkout.
    pub root: PathBuf,
    /// What `GLADSTONE_CACHE` says, else the system's folder for caches.
    pub cache_base: PathBuf,
}

impl Places {
    /// Finds them; none when there is neither a home folder nor `GLADSTONE_CACHE`.
    pub fn find() -> Option<Self> {
        // Asked at run time first: a build shared by two checkouts would else know only one of them.
        let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let package = if package.ends_with("xtask") { package } else { PathBuf::from(env!("CARGO_MANIFEST_DIR")) };
        Some(Self { root: package.parent()?.to_owned(), cache_base: folder("GLADSTONE_CACHE").or_else(system_cache)? })
    }

    pub fn cache(&self) -> PathBuf {
        self.cache_base.join("gladstone")
    }

    pub fn models(&self) -> PathBuf {
        self.cache().join("models")
    }

    /// Parts of models that are not complete yet; gone when they are.
    pub fn parts(&self) -> PathBuf {
        self.cache().join("parts")
    }

    /// Where cargo builds: outside the checkout, so that a fresh clone rebuilds the workspace only.
    pub fn target(&self) -> PathBuf {
        folder("CARGO_TARGET_DIR").unwrap_or_else(|| self.cache().join("target"))
    }

    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }
}

/// An absolute folder named in the environment.
fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

fn system_cache() -> Option<PathBuf> {
    if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        Some(env::home_dir()?.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| Some(env::home_dir()?.join(".cache")))
    }
}
