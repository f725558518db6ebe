//! FHIR Practitioner: a member of staff. The key slot of the same id stands in the vault header.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::{
    access::{About, ManageStaff, MayRead, OwnSettings, Permission, ReadDemographics, ReadDiary, Role},
    changes::{Record, RecordType},
    db::ReadTx,
    error::ClinicError,
    ids::{PatientId, PractitionerId, RecordId},
    session::Session,
};

/// A member of staff, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Practitioner {
    pub id: PractitionerId,
    pub name: String,
    pub roles: Vec<Role>,
    pub active: bool,
    /// Language of the window for this person, as `en` or `ms`.
    #[serde(default)]
    pub language: Option<String>,
}

impl Record for Practitioner {
    const TYPE: RecordType = RecordType::Practitioner;
    fn record_id(&self) -> RecordId {
        self.id.into()
    }
    fn subject(&self) -> Option<PatientId> {
        None
    }
    /// Staff are few: lists read the records themselves.
    fn project(&self, _conn: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }
}

/// Someone who sees patients: a column of the diary.
#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct PractitionerView {
    pub id: PractitionerId,
    pub name: String,
    pub roles: Vec<Role>,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
pub struct StaffView {
    pub id: PractitionerId,
    pub name: String,
    pub roles: Vec<Role>,
    pub active: bool,
}

/// A new member of staff. The password goes to the vault only, which keeps no trace of it but a slot it opens.
#[derive(Clone, Deserialize, specta::Type)]
pub struct StaffRequest {
    pub name: String,
    pub roles: Vec<Role>,
    pub password: String,
}

/// Everyone, active first, by name.
pub fn staff(session: &mut Session) -> Result<Vec<StaffView>, ClinicError> {
    let access = session.authorize::<ReadDemographics>(About::nothing().detail("staff"))?;
    let mut staff = session.read(&access, all)?;
    staff.sort_by(|a, b| b.active.cmp(&a.active).then_with(|| a.name.cmp(&b.name)));
    Ok(staff.into_iter().map(|p| StaffView { id: p.id, name: p.name, roles: p.roles, active: p.active }).collect())
}

/// Active doctors and nurses, by name.
pub fn seeing_patients(session: &mut Session) -> Result<Vec<PractitionerView>, ClinicError> {
    let access = session.authorize::<ReadDiary>(About::nothing().detail("practitioners"))?;
    let mut staff = session.read(&access, all)?;
    staff.retain(|p| p.active && p.roles.iter().any(|role| matches!(role, Role::Doctor | Role::Nurse)));
    staff.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(staff.into_iter().map(|p| PractitionerView { id: p.id, name: p.name, roles: p.roles }).collect())
}

/// Stores the record of a new member of staff; the vault adds the key slot.
pub(crate) fn create(session: &mut Session, practitioner: &Practitioner) -> Result<(), ClinicError> {
    let access = session.authorize::<ManageStaff>(About::nothing().record(RecordType::Practitioner, practitioner.id).detail("add"))?;
    session.write(access, |tx| tx.create(practitioner))
}

pub(crate) fn all<P: Permission + MayRead<Practitioner>>(tx: &ReadTx<'_, P>) -> Result<Vec<Practitioner>, ClinicError> {
    load_all(tx.conn())
}

/// Unlock needs the list before there is a session to ask.
pub(crate) fn load_all(conn: &Connection) -> Result<Vec<Practitioner>, ClinicError> {
    let states = crate::changes::table::states_of_type(conn, &RecordType::Practitioner)?;
    states.into_iter().map(|(id, state)| Ok(crate::changes::shown_record(id, &state)?)).collect()
}

/// Name of one member of staff, empty when unknown.
pub(crate) fn name_of(conn: &Connection, id: PractitionerId) -> Result<String, ClinicError> {
    match crate::changes::table::state(conn, id.into())? {
        Some((RecordType::Practitioner, state)) => Ok(crate::changes::shown_record::<Practitioner>(id.into(), &state)?.name),
        _ => Ok(String::new()),
    }
}

/// Language of the window for the person at the desk, `en` until they choose.
pub fn language(session: &Session) -> Result<String, ClinicError> {
    let me = load_all(&session.conn)?.into_iter().find(|person| person.id == session.actor().id);
    Ok(me.and_then(|person| person.language).unwrap_or_else(|| "en".to_owned()))
}

/// Changes the language of the window for the person at the desk. Everyone may, for themselves.
pub fn set_language(session: &mut Session, language: &str) -> Result<(), ClinicError> {
    let known = (2..=8).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !known {
        return Err(ClinicError::invalid("language", "unknown_code"));
    }
    let me = session.actor().id;
    let access = session.authorize::<OwnSettings>(About::nothing().record(RecordType::Practitioner, me).detail("language"))?;
    session.write(access, |tx| {
        tx.update(me, |person: &mut Practitioner| {
            person.language = Some(language.to_owned());
            Ok(())
        })
        .map(drop)
    })
}
