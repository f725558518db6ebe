//! What happened to one record, from the change log: who, when, where, which fields, from what to what.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Change, RecordType, table};
use crate::{
    access::{About, ReadAudit, ReadChart, ReadDemographics},
    error::ClinicError,
    ids::RecordId,
    practitioner,
    session::Session,
    types::instant,
};

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct FieldHistory {
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One change of one record.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct HistoryEntry {
    pub at: String,
    pub author: String,
    pub desk: String,
    pub fields: Vec<FieldHistory>,
}

/// History of a record, newest first. Who may read the record may read its history.
pub fn of_record(session: &mut Session, record_type: RecordType, id: RecordId) -> Result<Vec<HistoryEntry>, ClinicError> {
    let subject = table::subject_of(&session.conn, id)?;
    let about = || About { subject, ..About::nothing().record(record_type.clone(), id).detail("history") };
    match &record_type {
        RecordType::Patient | RecordType::Appointment => session.authorize::<ReadDemographics>(about()).map(drop)?,
        RecordType::Practitioner | RecordType::Settings => session.authorize::<ReadAudit>(about()).map(drop)?,
        _ => session.authorize::<ReadChart>(about()).map(drop)?,
    }
    let mut shown: BTreeMap<String, Value> = BTreeMap::new();
    let mut entries = Vec::new();
    for body in table::bodies_of(&session.conn, id)? {
        let change = Change::decode(&body)?;
        if change.record_type != record_type {
            return Err(ClinicError::NotFound(record_type));
        }
        let fields = change
            .fields
            .into_iter()
            .map(|(name, field)| {
                let after = words(&field.value);
                let before = shown.insert(name.clone(), field.value).as_ref().and_then(words);
                FieldHistory { name, before, after }
            })
            .filter(|field| field.before != field.after)
            .collect();
        entries.push(HistoryEntry {
            at: instant(change.clock.unix_millis()),
            author: change.author.map(|author| practitioner::name_of(&session.conn, author)).transpose()?.unwrap_or_default(),
            desk: change.clock.desk.to_string(),
            fields,
        });
    }
    entries.reverse();
    Ok(entries)
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => None,
        other => Some(other.to_string()),
    }
}
