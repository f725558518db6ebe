//! The repository's own files, as the rules read them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde_json::Value;

/// What breaks one rule, all of it at once.
pub struct Faults {
    rule: &'static str,
    places: Vec<String>,
}

impl Faults {
    pub fn new(rule: &'static str) -> Self {
        Self { rule, places: Vec::new() }
    }

    pub fn add(&mut self, file: &str, line: usize, what: &str) {
        self.places.push(format!("  {file}:{line}: {what}"));
    }

    pub fn check(self) {
        assert!(self.places.is_empty(), "{}\n{}", self.rule, self.places.join("\n"));
    }
}

/// A `Cargo.toml`: its package and every dependency of every kind, with the line.
pub struct Manifest {
    pub name: String,
    pub dependencies: Vec<(usize, String)>,
}

impl Manifest {
    pub fn read(file: &str) -> Self {
        let mut manifest = Self { name: String::new(), dependencies: Vec::new() };
        let mut section = String::new();
        for (line, text) in read(file).lines().enumerate() {
            if let Some(header) = text.strip_prefix('[') {
                section = header.trim_end_matches(']').to_owned();
                if let Some((_, name)) = section.rsplit_once("dependencies.").filter(|_| !section.starts_with("workspace")) {
                    manifest.dependencies.push((line + 1, name.to_owned()));
                }
                continue;
            }
            let Some((key, value)) = text.split_once('=') else { continue };
            let key = key.trim().split('.').next().unwrap().trim_matches('"').to_owned();
            if section == "package" && key == "name" {
                manifest.name = value.trim().trim_matches('"').to_owned();
            } else if section.ends_with("dependencies") && !section.starts_with("workspace") {
                // A dependency under another name is still the same package.
                let real = value.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
                manifest.dependencies.push((line + 1, real.map_or(key, str::to_owned)));
            }
        }
        manifest
    }
}

/// Keys of a language, as `file a.b.c` without plural form, with the placeholders and tags in their texts.
pub fn language(code: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = format!("ui/src/i18n/{code}/");
    let mut keys = BTreeMap::new();
    for file in files().into_iter().filter(|file| file.starts_with(&folder) && file.ends_with(".json")) {
        collect(&json(&file), &format!("{} ", &file[folder.len()..]), &mut keys);
    }
    keys
}

fn collect(value: &Value, key: &str, keys: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(members) => {
            let dot = if key.ends_with(' ') { "" } else { "." };
            members.iter().for_each(|(name, value)| collect(value, &format!("{key}{dot}{name}"), keys));
        }
        Value::String(text) => {
            const FORMS: [&str; 6] = ["_zero", "_one", "_two", "_few", "_many", "_other"];
            let whole = FORMS.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key);
            let between = |open: &str, close: char| -> Vec<String> {
                text.split(open).skip(1).filter_map(|rest| Some(format!("{open}{}", rest.split_once(close)?.0.trim()))).collect()
            };
            let placeholders = between("{{", '}').into_iter().chain(between("<", '>'));
            keys.entry(whole.to_owned()).or_default().extend(placeholders);
        }
        _ => panic!("{key} is no text"),
    }
}

fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// Paths from the root, `/` between, of all that is not built, fetched or hidden.
pub fn files() -> Vec<String> {
    const SKIPPED: [&str; 5] = ["target", "node_modules", "dist", "gen", "out"];
    const SHOWN: [&str; 4] = [".ci", ".cargo", ".config", ".taurignore"];
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = format!("{folder}{name}");
            if name.starts_with('.') && !SHOWN.contains(&name.as_str()) {
                continue;
            }
            match entry.file_type().unwrap() {
                kind if kind.is_dir() && !SKIPPED.contains(&name.as_str()) => folders.push(format!("{path}/")),
                kind if kind.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    assert!(found.iter().any(|file| file == "Cargo.toml"), "the repository is not at {}", root().display());
    found
}

pub fn rust() -> impl Iterator<Item = String> {
    files().into_iter().filter(|file| file.ends_with(".rs"))
}

pub fn ui(endings: &'static [&str]) -> impl Iterator<Item = String> {
    files().into_iter().filter(move |file| {
        file.starts_with("ui/src/")
            && file != "ui/src/bindings.gen.ts"
            && file.rsplit_once('.').is_some_and(|(_, end)| endings.contains(&end))
    })
}

/// What people write: no data, no lock files, not the words of these rules.
pub fn text_files() -> impl Iterator<Item = String> {
    const TEXT: [&str; 12] = ["rs", "ts", "tsx", "css", "html", "md", "toml", "json", "cjs", "py", "sh", "run"];
    files().into_iter().filter(|file| {
        let name = file.rsplit('/').next().unwrap();
        TEXT.contains(&name.rsplit('.').next().unwrap_or(name))
            && !file.contains("/data/")
            && !file.contains("/vectors/")
            && !matches!(name, "package-lock.json" | "tidy.rs")
    })
}

/// Tests, benchmarks and examples: nothing that ships.
pub fn is_test(file: &str) -> bool {
    is_program(file)
        || file.ends_with("/tests.rs")
        || file.ends_with("/full_disk.rs")
        || file.contains(".test.")
        || file.contains("/testing")
}

/// Programs of their own, with standard output for people.
pub fn is_program(file: &str) -> bool {
    file.starts_with("tests/") || ["/tests/", "/benches/", "/examples/"].iter().any(|folder| file.contains(folder))
}

pub fn listed(list: &[(&str, &str)], file: &str) -> bool {
    list.iter().any(|(listed, _)| *listed == file)
}

/// Lines with their numbers, without those that are comments only.
pub fn code(file: &str) -> Vec<(usize, String)> {
    let is_comment = |text: &str| ["//", "/*", "*", "#!"].iter().any(|mark| text.trim_start().starts_with(mark));
    read(file).lines().enumerate().filter(|(_, text)| !is_comment(text)).map(|(at, text)| (at + 1, text.to_owned())).collect()
}

/// Whether `word` stands in `text` and no letter goes on at its end or before its start.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        let starts = !word.starts_with(char::is_alphanumeric) || !is_letter(text[..at].chars().next_back());
        let ends = !word.ends_with(char::is_alphanumeric) || !is_letter(text[at + word.len()..].chars().next());
        starts && ends
    })
}

pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}

pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
