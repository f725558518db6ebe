//! What a reference points at: an entry of the file first, else a record that was taken in or made before. Never a guess: where two fit,
//! it is neither.

use std::collections::HashMap;

use rusqlite::Connection;
use uuid::Uuid;

use super::super::{identifier_key, map::data_type::identifier, table, tree::address, validate::Json};
use crate::ids::{PatientId, RecordId};

/// One resource of a file, and what is decided about it.
pub(super) struct Entry<'t, 'd> {
    /// Where it stands: `entry[3].resource`; empty for a single resource.
    pub path: String,
    pub full_url: Option<&'t str>,
    pub resource: &'t Json<'d>,
    /// FHIR type.
    pub kind: &'t str,
    /// What it is known by afterwards.
    pub origin: String,
    /// Its record: a new one, or the one that it already is.
    pub id: Uuid,
    pub known: bool,
    /// Whose it is.
    pub patient: Option<PatientId>,
}

impl Entry<'_, '_> {
    /// The path of something inside.
    pub fn below(&self, rest: &str) -> String {
        if self.path.is_empty() { rest.to_owned() } else { format!("{}.{rest}", self.path) }
    }
}

/// What stands at the end of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// FHIR type.
    pub kind: String,
    pub id: Uuid,
    /// Its place among the entries; `None` for a record.
    pub entry: Option<usize>,
    /// The reference was `Type/id` alone or an identifier: neither is unique in the world.
    pub loose: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    One(Target),
    Many,
    Nothing,
    /// Inside the resource itself.
    Contained,
}

/// The entries of a file by all that others call them.
#[derive(Default)]
pub(super) struct Index {
    /// `fullUrl`, and `Type/id`.
    addresses: HashMap<String, Vec<usize>>,
    /// Type and identifier.
    identifiers: HashMap<(String, String), Vec<usize>>,
}

impl Index {
    pub fn of(entries: &[Entry<'_, '_>]) -> Self {
        let mut index = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            let own = entry.resource.text("id").map(|id| format!("{}/{id}", entry.kind));
            for name in entry.full_url.map(str::to_owned).into_iter().chain(own) {
                let known = index.addresses.entry(name).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
            for key in identifier_keys(entry.resource) {
                index.identifiers.entry((entry.kind.to_owned(), key)).or_default().push(at);
            }
        }
        index
    }

    fn at(&self, name: &str) -> &[usize] {
        self.addresses.get(name).map_or(&[], Vec::as_slice)
    }
}

/// Keys of a resource's business identifiers.
pub(super) fn identifier_keys(resource: &Json<'_>) -> Vec<String> {
    // One identifier is an object in a few types.
    let one = resource.get("identifier").filter(|found| !found.members().is_empty());
    let all = one.into_iter().chain(resource.list("identifier"));
    all.filter_map(identifier).filter_map(|identifier| identifier_key(&identifier.system, &identifier.value)).collect()
}

/// Follows a reference of an entry.
pub(super) fn resolve(
    conn: &Connection,
    entries: &[Entry<'_, '_>],
    index: &Index,
    from: &Entry<'_, '_>,
    text: &str,
) -> rusqlite::Result<Found> {
    let text = text.split_once("/_history/").map_or(text, |(text, _)| text);
    if text.starts_with('#') {
        return Ok(Found::Contained);
    }
    // Two are as many as any: no file can make this long.
    let inside = |at: &[usize], loose| at.iter().take(2).map(|at| entry_target(entries, *at, loose)).collect::<Vec<_>>();
    if text.contains(':') && !text.contains('?') {
        let found = inside(index.at(text), false);
        return Ok(one_of(if found.is_empty() { stored(conn, text, None)? } else { found }));
    }
    if let Some((kind, query)) = text.split_once('?') {
        let Some(key) = searched_identifier(query) else { return Ok(Found::Nothing) };
        let at = index.identifiers.get(&(kind.to_owned(), key.clone())).map_or(&[][..], Vec::as_slice);
        let records = table::known(conn, &key, kind)?.into_iter().map(|id| record_target(kind.to_owned(), id, true));
        return Ok(one_of(inside(at, false).into_iter().chain(records).collect()));
    }
    if let Some(base) = base_of(from) {
        let full = format!("{base}/{text}");
        let found = inside(index.at(&full), false);
        return Ok(one_of(if found.is_empty() { stored(conn, &full, None)? } else { found }));
    }
    let found = inside(index.at(text), true);
    let kind = text.split_once('/').map(|(kind, _)| kind);
    Ok(one_of(if found.is_empty() { stored(conn, text, kind)? } else { found }))
}

/// Follows an identifier that stands in place of a reference.
pub(super) fn resolve_identifier(
    conn: &Connection,
    entries: &[Entry<'_, '_>],
    index: &Index,
    kind: &str,
    key: &str,
) -> rusqlite::Result<Found> {
    let at = index.identifiers.get(&(kind.to_owned(), key.to_owned())).map_or(&[][..], Vec::as_slice);
    let records = table::known(conn, key, kind)?.into_iter().map(|id| record_target(kind.to_owned(), id, true));
    Ok(one_of(at.iter().take(2).map(|at| entry_target(entries, *at, false)).chain(records).collect()))
}

/// An entry and the record that it already is count as one.
fn one_of(found: Vec<Target>) -> Found {
    match found.split_first() {
        None => Found::Nothing,
        Some((one, others)) if others.iter().all(|other| other.id == one.id) => Found::One(one.clone()),
        Some(_) => Found::Many,
    }
}

fn entry_target(entries: &[Entry<'_, '_>], at: usize, loose: bool) -> Target {
    Target { kind: entries[at].kind.to_owned(), id: entries[at].id, entry: Some(at), loose }
}

fn record_target(kind: String, id: RecordId, loose: bool) -> Target {
    Target { kind, id: id.0, entry: None, loose }
}

/// Records known by an address. A UUID is the same thing however it is written, and may be a record's own.
fn stored(conn: &Connection, text: &str, kind: Option<&str>) -> rusqlite::Result<Vec<Target>> {
    let mut found: Vec<Target> =
        table::known_any(conn, text)?.into_iter().map(|(name, id)| record_target(name, id, kind.is_some())).collect();
    let uuid = match kind {
        Some(_) => text.split_once('/').map(|(_, id)| id),
        None => text.strip_prefix("urn:uuid:"),
    };
    if let Some(uuid) = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok()) {
        if kind.is_some() {
            found.extend(table::known_any(conn, &address(uuid))?.into_iter().map(|(name, id)| record_target(name, id, false)));
        }
        found.extend(table::type_of(conn, RecordId(uuid))?.map(|name| record_target(name, RecordId(uuid), false)));
    }
    found.retain(|target| kind.is_none_or(|kind| kind == target.kind));
    found.dedup_by_key(|target| target.id);
    Ok(found)
}

/// `http://server/fhir` of `http://server/fhir/Patient/1`: what its relative references are relative to.
fn base_of<'e>(entry: &Entry<'e, '_>) -> Option<&'e str> {
    let (before, _) = entry.full_url.filter(|url| url.starts_with("http"))?.rsplit_once('/')?;
    before.strip_suffix(entry.kind)?.strip_suffix('/')
}

/// The key of `identifier=system|value`, the only search that names one certainly.
fn searched_identifier(query: &str) -> Option<String> {
    let (system, value) = query.strip_prefix("identifier=")?.split_once('|').or_else(|| {
        let query = query.strip_prefix("identifier=")?;
        query.split_once("%7C").or(query.split_once("%7c"))
    })?;
    if value.contains(['&', '|', ',']) {
        return None;
    }
    identifier_key(&percent_decoded(system)?, &percent_decoded(value)?)
}

/// RFC 3986, section 2.1.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}
