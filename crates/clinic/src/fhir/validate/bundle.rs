//! Bundles: the index of their entries and the rules bdl-1 to bdl-12.

use std::collections::{HashMap, HashSet};

use super::fault::FaultKind;
use super::json::Json;
use super::walk::Walk;

/// The resource type at each fullUrl of a bundle.
pub(super) struct Entries<'d>(HashMap<&'d str, &'d str>);

impl<'d> Entries<'d> {
    pub(super) fn of(bundle: &'d Json<'d>) -> Self {
        let mut entries = HashMap::new();
        for entry in bundle.list("entry") {
            if let (Some(url), Some(resource)) = (entry.text("fullUrl"), entry.get("resource")) {
                entries.insert(url, resource.text("resourceType").unwrap_or_default());
            }
        }
        Entries(entries)
    }

    pub(super) fn type_of(&self, url: &str) -> Option<&'d str> {
        self.0.get(url).copied()
    }
}

/// Checks the rules of a bundle whose members have been checked.
pub(super) fn check(walk: &mut Walk, bundle: &Json) {
    let Some(ty) = bundle.text("type") else {
        return;
    };
    let mut broken = |path: &str, key, text| walk.fault_below(path, FaultKind::Invariant { key, text });
    if bundle.get("total").is_some() && !matches!(ty, "searchset" | "history") {
        broken("total", "bdl-1", "a total belongs only to a search result or a history");
    }
    let asks = matches!(ty, "batch" | "transaction" | "history");
    let answers = matches!(ty, "batch-response" | "transaction-response" | "history");
    let mut seen = HashSet::new();
    for (at, entry) in bundle.list("entry").iter().enumerate() {
        let has = |name: &str| entry.get(name).is_some();
        if has("search") && ty != "searchset" {
            broken(&format!("entry[{at}].search"), "bdl-2", "search belongs only to a search result");
        }
        if has("request") != asks {
            broken(&format!("entry[{at}].request"), "bdl-3", "request must be given in a batch, transaction or history, and nowhere else");
        }
        if has("response") != answers {
            broken(
                &format!("entry[{at}].response"),
                "bdl-4",
                "response must be given in a batch response, transaction response or history, and nowhere else",
            );
        }
        if !has("resource") && !has("request") && !has("response") {
            broken(&format!("entry[{at}].resource"), "bdl-5", "an entry must hold a resource, a request or a response");
        }
        let Some(url) = entry.text("fullUrl") else {
            continue;
        };
        if url.contains("/_history/") {
            broken(&format!("entry[{at}].fullUrl"), "bdl-8", "fullUrl must not name a version");
        }
        let version = entry.get("resource").and_then(|resource| resource.get("meta")?.text("versionId"));
        if ty != "history" && !seen.insert((url, version)) {
            broken(&format!("entry[{at}].fullUrl"), "bdl-7", "fullUrl must be unique in a bundle, or the versions must differ");
        }
    }
    let first = bundle.list("entry").first().and_then(|entry| entry.get("resource")?.text("resourceType"));
    match ty {
        "document" => {
            let identifier = bundle.get("identifier");
            for name in ["system", "value"] {
                if identifier.is_none_or(|identifier| identifier.get(name).is_none()) {
                    broken(&format!("identifier.{name}"), "bdl-9", "a document must have an identifier with a system and a value");
                }
            }
            if bundle.get("timestamp").is_none() {
                broken("timestamp", "bdl-10", "a document must have a timestamp");
            }
            if first != Some("Composition") {
                broken("entry[0].resource", "bdl-11", "a document must begin with a Composition");
            }
        }
        "message" if first != Some("MessageHeader") => {
            broken("entry[0].resource", "bdl-12", "a message must begin with a MessageHeader");
        }
        _ => {}
    }
}
