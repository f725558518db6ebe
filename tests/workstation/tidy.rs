//! House rules as tests. Each failure names every place and says what to do instead.
//!
//! An exception is a line in the list beside its rule, with the reason; a list never names a file that is not there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use crate::source::{
    Faults, Manifest, code, exists, files, has_word, is_program, is_test, json, language, listed, read, rust, text_files, ui,
};

// ---- who may import whom

/// Of our own packages, what each may depend on. Everything else is refused, so that the arrows stay one way.
const IMPORTS: &[(&str, &[&str])] = &[
    ("gladstone", &["clinic", "scribe"]),
    ("clinic", &["crypto", "protocol"]),
    ("scribe", &[]),
    ("crypto", &[]),
    ("protocol", &[]),
    ("gladstone-hub", &["protocol"]),
    ("xtask", &[]),
];

#[test]
fn packages_import_one_way() {
    let mut faults = Faults::new("imports point one way: app -> clinic, scribe; clinic -> crypto, protocol; nothing points back");
    for file in files().into_iter().filter(|file| file.ends_with("Cargo.toml")) {
        let manifest = Manifest::read(&file);
        let Some((_, allowed)) = IMPORTS.iter().find(|(name, _)| *name == manifest.name) else {
            faults.add(&file, 0, &format!("the package {} is not in the table of imports", manifest.name));
            continue;
        };
        for (line, dependency) in manifest.dependencies {
            if IMPORTS.iter().any(|(name, _)| *name == dependency) && !allowed.contains(&dependency.as_str()) {
                faults.add(&file, line, &format!("{} must not import {dependency}", manifest.name));
            }
        }
    }
    faults.check();
}

/// What the window's code may import the generated bindings from, besides `*.resource.ts`.
const BINDINGS: &[(&str, &str)] = &[("ui/src/lib/call.ts", "only the types of a refusal, for every resource")];

#[test]
fn only_resources_import_the_bindings() {
    let mut faults = Faults::new("the generated bindings are imported by *.resource.ts alone; let others import the resource");
    for file in ui(&["ts", "tsx"]) {
        let is_door = file.ends_with(".resource.ts") || listed(BINDINGS, &file);
        if file.starts_with("ui/src/testing/") || file.contains(".test.") {
            continue; // Tests play the desk.
        }
        for (line, text) in code(&file) {
            if text.contains("bindings.gen") && !is_door {
                faults.add(&file, line, &text);
            }
            if text.contains("@tauri-apps/") {
                faults.add(&file, line, "only the bindings speak to Tauri");
            }
        }
    }
    faults.check();
}

// ---- Rust

#[test]
fn no_package_holds_unsafe_code() {
    let mut faults = Faults::new("crate roots begin with #![forbid(unsafe_code)], and every package takes the workspace's lints");
    for file in files().into_iter().filter(|file| file.ends_with("Cargo.toml")) {
        let folder = file.strip_suffix("Cargo.toml").unwrap();
        let places = match folder {
            "" => vec!["src-tauri/src/lib.rs".to_owned()],
            _ => vec![format!("{folder}src/lib.rs"), format!("{folder}src/main.rs")],
        };
        match places.iter().find(|place| exists(place)) {
            Some(place) if read(place).contains("\n#![forbid(unsafe_code)]\n") => {}
            Some(place) => faults.add(place, 1, "there is no #![forbid(unsafe_code)]"),
            None => faults.add(&file, 0, "the package has no crate root where it is looked for"),
        }
        if !read(&file).contains("\n[lints]\nworkspace = true") {
            faults.add(&file, 0, "there is no `[lints] workspace = true`");
        }
    }
    if !read("Cargo.toml").contains("\nunsafe_code = \"deny\"\n") {
        faults.add("Cargo.toml", 0, "the workspace's lints do not deny unsafe code");
    }
    faults.check();
}

/// Files that hold SQL and are no `table.rs`. Tests and benchmarks may break a database as they need.
const SQL: &[(&str, &str)] = &[
    ("crates/clinic/src/db/migration.rs", "the table of migrations itself"),
    ("crates/clinic/src/db/open.rs", "pragmas of the connection"),
    ("crates/clinic/src/db/tx.rs", "the tip of a chain, saved in every write's own transaction"),
    ("crates/clinic/src/audit/tail.rs", "reads both chains, the change log's too"),
    ("crates/clinic/src/audit/verify.rs", "reads both chains and compares them with the tables"),
    ("crates/clinic/src/session/forms.rs", "one small table, its migration and its four queries in one file"),
    ("crates/clinic/src/unlock/vault.rs", "the table of desk secrets, before there is a session"),
];

#[test]
fn sql_stands_beside_its_table() {
    const WORDS: [&str; 9] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM ", "CREATE ", "DROP ", "ALTER TABLE ", "PRAGMA ", "ATTACH "];
    let mut faults = Faults::new("SQL stands in table.rs, beside the migrations of its table");
    for file in rust().filter(|file| !is_test(file) && !file.ends_with("/table.rs") && !listed(SQL, file)) {
        for (line, text) in code(&file) {
            let begins = |text: &str| WORDS.iter().any(|word| text.trim_start().starts_with(word));
            if begins(&text) || text.split('"').skip(1).any(begins) {
                faults.add(&file, line, text.trim());
            }
        }
    }
    for (file, _) in SQL {
        if !exists(file) {
            faults.add(file, 0, "is listed and not there");
        }
    }
    faults.check();
}

#[test]
fn engines_do_not_print() {
    let mut faults = Faults::new("crates/ prints nothing: give the value back, or use tracing without anything about a patient");
    for file in rust().filter(|file| file.starts_with("crates/") && !is_program(file)) {
        for (line, text) in code(&file) {
            if ["println!(", "print!(", "dbg!("].iter().any(|word| text.contains(word)) {
                faults.add(&file, line, text.trim());
            }
        }
    }
    faults.check();
}

// ---- all code

/// Longest file, in lines. The aim is 400.
const LONGEST: usize = 600;
/// Longer files: how long they may get, and why.
const LONG: &[(&str, usize, &str)] =
    &[("crates/clinic/src/unlock/vault.rs", 650, "every way into a vault, and what each must leave behind, is read together")];

#[test]
fn files_stay_readable() {
    let mut faults = Faults::new("files stay near 400 lines; split by meaning before 600");
    for file in rust().chain(ui(&["ts", "tsx", "css"])).filter(|file| !file.ends_with(".gen.ts")) {
        let lines = read(&file).lines().count();
        let most = LONG.iter().find(|(long, ..)| *long == file).map_or(LONGEST, |(_, most, _)| *most);
        if lines > most {
            faults.add(&file, lines, &format!("{lines} lines"));
        }
    }
    faults.check();
}

#[test]
fn nothing_is_left_for_later() {
    const LATER: [&str; 11] =
        ["TODO", "FIXME", "XXX", "HACK", "todo!(", "unimplemented!(", "#[ignore", "it.skip(", "test.skip(", ".only(", "@ts-ignore"];
    let mut faults = Faults::new("finish it, or file it; a skipped test is a deleted one");
    for file in text_files() {
        for (line, text) in read(&file).lines().enumerate() {
            if LATER.iter().any(|word| has_word(text, word)) {
                faults.add(&file, line + 1, text.trim());
            }
        }
    }
    faults.check();
}

#[test]
fn types_are_named_for_what_they_are() {
    const KINDS: [&str; 7] = ["struct", "enum", "trait", "type", "class", "interface", "union"];
    const EMPTY: [&str; 6] = ["Manager", "Service", "Helper", "Util", "Utils", "Processor"];
    let mut faults = Faults::new("no Manager, Service, Helper, Util or Processor: name the thing");
    // A test may play someone else's service.
    for file in rust().chain(ui(&["ts", "tsx"])).filter(|file| !is_test(file)) {
        for (line, text) in code(&file) {
            let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
            for pair in words.windows(2) {
                if KINDS.contains(&pair[0]) && EMPTY.iter().any(|empty| pair[1].ends_with(empty)) {
                    faults.add(&file, line, text.trim());
                }
            }
        }
    }
    faults.check();
}

/// Files that may name a host that packages or models come from.
const HOSTS: &[(&str, &str)] =
    &[("assets/models.toml", "the official addresses, the last of the ways and shown to people: only the hash decides")];

#[test]
fn nothing_names_a_machine_or_a_registry() {
    const PLACES: [&str; 12] = [
        "/home/",
        "/Users/",
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        "\\Users\\",
        "registry.npmjs",
        "npmjs.org",
        "crates.io",
        "pypi.org",
        "pythonhosted.org",
        "huggingface.co",
        "deb.debian.org",
    ];
    let mut faults = Faults::new("paths of a machine and hosts of registries stay out: name packages, let their clients find them");
    for file in text_files().filter(|file| !listed(HOSTS, file)) {
        for (line, text) in read(&file).lines().enumerate() {
            if PLACES.iter().any(|place| text.contains(place)) {
                faults.add(&file, line + 1, text.trim());
            }
        }
    }
    faults.check();
}

// ---- the window

#[test]
fn files_of_the_window_say_their_role() {
    const ROLES: [&str; 5] = [".component.tsx", ".form.tsx", ".test.tsx", ".test.ts", ".module.css"];
    let mut faults =
        Faults::new("a component stands in X.component.tsx or X.form.tsx; names in lower case are functions, hooks and *.resource.ts");
    for file in files().into_iter().filter(|file| file.starts_with("ui/src/features/")) {
        let name = file.rsplit('/').next().unwrap();
        let has_role = ROLES.iter().any(|role| name.ends_with(role));
        if name.starts_with(|c: char| c.is_uppercase()) {
            if !has_role {
                faults.add(&file, 0, "is no component, form, test or module.css");
            }
            continue;
        }
        if !has_role && !name.ends_with(".resource.ts") && name.matches('.').count() != 1 {
            faults.add(&file, 0, "has a role that is not known");
        }
        for (line, text) in code(&file) {
            let exported = text.strip_prefix("export function ").or_else(|| text.strip_prefix("export default function "));
            if exported.is_some_and(|name| name.starts_with(|c: char| c.is_uppercase())) {
                faults.add(&file, line, "a component in a file that says it has none");
            }
        }
    }
    faults.check();
}

#[test]
fn typescript_knows_its_types() {
    const ANY: [&str; 8] = [": any", "<any", ", any>", "as any", "any[]", "| any", "@ts-nocheck", "@ts-expect-error"];
    let mut faults = Faults::new("no `any` and no silenced checks: `unknown` and a narrowing say what is meant");
    for file in ui(&["ts", "tsx"]).filter(|file| !file.ends_with(".gen.ts")) {
        for (line, text) in code(&file) {
            if ANY.iter().any(|word| has_word(&text, word)) {
                faults.add(&file, line, text.trim());
            }
        }
    }
    faults.check();
}

/// Keys that other languages have and English does not: what the desk itself says in English.
const SAID_BY_THE_DESK: &[(&str, &str, &str)] = &[("checks.", ".advice", "the same words as `gladstone doctor` prints")];

#[test]
fn every_language_says_the_same() {
    let mut faults = Faults::new("every language has the keys and placeholders of English; plural forms are each language's own");
    let english = language("en");
    let languages: BTreeSet<String> = files()
        .into_iter()
        .filter_map(|file| Some(file.strip_prefix("ui/src/i18n/")?.split_once('/')?.0.to_owned()))
        .filter(|code| code != "en")
        .collect();
    assert!(languages.contains("ms"), "there is no second language");
    for code in languages {
        let other = language(&code);
        let place = format!("ui/src/i18n/{code}");
        for (key, placeholders) in &english {
            match other.get(key) {
                None => faults.add(&place, 0, &format!("{key} is missing")),
                Some(found) if found != placeholders => {
                    faults.add(&place, 0, &format!("{key} has the placeholders {found:?} and English {placeholders:?}"));
                }
                Some(_) => {}
            }
        }
        let by_the_desk = |key: &str| SAID_BY_THE_DESK.iter().any(|(start, end, _)| key.contains(start) && key.ends_with(end));
        for key in other.keys().filter(|key| !english.contains_key(*key) && !by_the_desk(key)) {
            faults.add(&place, 0, &format!("{key} is not in English"));
        }
    }
    faults.check();
}

#[test]
fn every_text_that_is_asked_for_is_there() {
    let mut faults = Faults::new("t(\"key\") finds its text in English");
    let english = language("en");
    let known: BTreeSet<&str> = english.keys().filter_map(|key| Some(key.split_once(' ')?.1)).collect();
    for file in ui(&["ts", "tsx"]).filter(|file| !file.contains(".test.")) {
        for (line, text) in code(&file) {
            for begin in ["t(\"", "i18nKey=\""] {
                for (at, _) in text.match_indices(begin) {
                    let is_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
                    let key = text[at + begin.len()..].split('"').next().unwrap();
                    if !is_word && !known.contains(key) {
                        faults.add(&file, line, key);
                    }
                }
            }
        }
    }
    faults.check();
}

#[test]
fn the_window_runs_its_own_code_only() {
    let config: Value = json("tauri.conf.json");
    let security = &config["app"]["security"];
    let policy = security["csp"].as_str().expect("app.security.csp is one line of text");
    let directives: BTreeMap<&str, Vec<&str>> = policy
        .split(';')
        .filter_map(|directive| {
            let mut words = directive.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    // `ipc:` and its form on Windows are Tauri's own way from the window to the app; neither leaves the machine.
    let local = ["'self'", "'none'", "data:", "blob:", "ipc:", "http://ipc.localhost"];
    for (directive, sources) in &directives {
        for source in sources {
            let is_style = *directive == "style-src" && *source == "'unsafe-inline'";
            assert!(local.contains(source) || is_style, "tauri.conf.json: {directive} {source} lets foreign or made-up code in");
        }
    }
    assert_eq!(directives.get("default-src"), Some(&vec!["'self'"]), "tauri.conf.json: default-src");
    assert_eq!(directives.get("script-src"), Some(&vec!["'self'"]), "tauri.conf.json: script-src");
    assert_eq!(directives.get("object-src"), Some(&vec!["'none'"]), "tauri.conf.json: object-src");
    for switch in ["dangerousDisableAssetCspModification", "devCsp", "assetProtocol"] {
        assert!(security[switch].is_null(), "tauri.conf.json: {switch} opens what the policy closes");
    }
    assert_ne!(config["app"]["withGlobalTauri"], true, "tauri.conf.json: the bindings import Tauri, no script finds it");
    for window in config["app"]["windows"].as_array().unwrap() {
        assert_eq!(window["incognito"], true, "tauri.conf.json: web storage must not outlive the window");
        assert!(window["url"].is_null(), "tauri.conf.json: the window shows the built UI");
        assert_ne!(window["devtools"], true, "tauri.conf.json: no developer tools in a release");
    }
}

#[test]
fn the_window_may_listen_to_events_and_nothing_else() {
    let found: Vec<String> = files().into_iter().filter(|file| file.starts_with("src-tauri/capabilities/")).collect();
    assert_eq!(found, ["src-tauri/capabilities/main.json"], "one window, one capability");
    let capability = json(&found[0]);
    assert_eq!(capability["windows"], serde_json::json!(["main"]));
    assert!(capability["remote"].is_null(), "no address from outside has any capability");
    for permission in capability["permissions"].as_array().unwrap() {
        let listens = matches!(permission.as_str(), Some("core:event:allow-listen" | "core:event:allow-unlisten"));
        assert!(listens, "{permission}: everything else goes through a command and its gate");
    }
}

#[test]
fn the_window_keeps_nothing_and_calls_nobody() {
    const DOORS: [&str; 13] = [
        "dangerouslySetInnerHTML",
        "innerHTML",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
        "window.open(",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket(",
        "sendBeacon(",
        "eval(",
        "new Function(",
    ];
    let mut faults = Faults::new("the window stores through the desk, shows data as text, and speaks to its own app only");
    for file in ui(&["ts", "tsx"]).filter(|file| !file.contains(".test.") && !file.starts_with("ui/src/testing/")) {
        for (line, text) in code(&file) {
            if DOORS.iter().any(|door| has_word(&text, door)) {
                faults.add(&file, line, text.trim());
            }
        }
    }
    faults.check();
}

// ---- the repository

#[test]
fn test_data_says_whose_it_is() {
    let mut faults = Faults::new("every folder of test data has an ATTRIBUTION file: source, version, licence, what was changed");
    let folders: BTreeSet<String> =
        files().into_iter().filter_map(|file| Some(file.strip_prefix("tests/data/")?.split_once('/')?.0.to_owned())).collect();
    for folder in folders {
        let place = format!("tests/data/{folder}");
        if !files().iter().any(|file| file.starts_with(&format!("{place}/ATTRIBUTION"))) {
            faults.add(&place, 0, "has none");
        }
    }
    faults.check();
}

#[test]
fn checks_start_by_one_command() {
    let script = read(".ci/run");
    let commands: Vec<&str> = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert_eq!(commands.first(), Some(&"set -euo pipefail"), ".ci/run stops at the first failure");
    assert_eq!(commands.last(), Some(&"exec cargo xtask test"), ".ci/run ends in the README's command");
    let others = &commands[1..commands.len() - 1];
    let prepares = |line: &&str| line.starts_with("cd ") || line.starts_with("export ");
    assert!(others.iter().all(prepares), ".ci/run does nothing else: {others:?}");
    assert_eq!(read(".taurignore"), "/ui/\n/tests/\n/hub/\n/docs/\n", ".taurignore: folders whose changes rebuild no app");
}

/// Documents name files by their path from the root.
#[test]
fn documents_name_files_that_are_there() {
    const ROOTS: [&str; 8] = ["crates/", "src-tauri/", "ui/", "xtask/", "tests/", "docs/", "assets/", ".ci/"];
    let mut faults = Faults::new("a document that names a file which is not there misleads");
    for file in files().into_iter().filter(|file| file.ends_with(".md") && !file.starts_with("tests/data/")) {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, text) in read(&file).lines().enumerate() {
            for quoted in text.split('`').skip(1).step_by(2) {
                let path = quoted.split_whitespace().next().unwrap_or_default();
                let is_path = ROOTS.iter().any(|root| path.starts_with(root)) && !path.contains(['*', '<', '{']);
                // Generated by the tests and ignored by git.
                if is_path && !path.starts_with("ui/dist") && !path.starts_with("tests/e2e/out") && !exists(path) {
                    faults.add(&file, line + 1, path);
                }
            }
            for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
                // Pictures come from the end-to-end run.
                let is_file = !link.is_empty() && !link.contains("://") && !link.ends_with(".png");
                if is_file && !exists(Path::new(folder).join(link).to_str().unwrap()) {
                    faults.add(&file, line + 1, link);
                }
            }
        }
    }
    faults.check();
}

/// `docs/THREATS.md` is as good as the tests it names.
#[test]
fn documents_name_tests_that_are_there() {
    let mut faults = Faults::new("a document that names a test which is not there misleads");
    let names: BTreeSet<String> = rust()
        .flat_map(|file| code(&file))
        .filter_map(|(_, text)| Some(text.split_once("fn ")?.1.split(['(', '<']).next()?.to_owned()))
        .collect();
    for file in files().into_iter().filter(|file| file.starts_with("docs/") && file.ends_with(".md")) {
        for (line, text) in read(&file).lines().enumerate() {
            for quoted in text.split('`').skip(1).step_by(2) {
                // Tests are named by sentences.
                let is_test = quoted.matches('_').count() >= 3 && quoted.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                if is_test && !names.contains(quoted) {
                    faults.add(&file, line + 1, quoted);
                }
            }
        }
    }
    faults.check();
}
