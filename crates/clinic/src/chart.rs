//! The chart on one screen: what a clinician needs at a glance.

use jiff::ZonedDateTime;
use serde::Serialize;

use crate::{
    access::{About, ReadAudit, ReadChart},
    allergy::{Allergy, AllergyView},
    appointment::{self, AppointmentView},
    audit::{self, Outcome},
    changes::RecordType,
    condition::{Condition, ConditionView},
    error::ClinicError,
    ids::{EncounterId, NoteId, PatientId, RecordId},
    immunization::{Immunization, ImmunizationView},
    medication::{Medication, MedicationView},
    note::{Note, NoteStatus},
    observation::{Observation, ObservationView},
    patient::{Patient, PatientView},
    practitioner,
    session::Session,
    types::instant,
};

/// One past visit in a line.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct VisitSummary {
    pub encounter_id: EncounterId,
    pub note_id: Option<NoteId>,
    pub date: String,
    pub practitioner: String,
    pub reason: String,
    pub note_status: Option<NoteStatus>,
    pub first_lines: String,
}

#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ChartView {
    pub patient: PatientView,
    pub allergies: Vec<AllergyView>,
    /// Someone asked, and there is none.
    pub no_known_allergies: bool,
    pub conditions: Vec<ConditionView>,
    pub medications: Vec<MedicationView>,
    /// Newest first.
    pub vitals: Vec<ObservationView>,
    pub observations: Vec<ObservationView>,
    pub immunizations: Vec<ImmunizationView>,
    pub visits: Vec<VisitSummary>,
    pub appointments: Vec<AppointmentView>,
}

/// Longest list of results on one screen.
const MAX_RESULTS: usize = 200;

pub fn read(session: &mut Session, patient: PatientId) -> Result<ChartView, ClinicError> {
    let access = session.authorize::<ReadChart>(About::patient(patient))?;
    session.read(&access, |tx| {
        let person: Patient = tx.load(patient)?;
        let allergies: Vec<Allergy> = tx.all_of(patient)?;
        let mut conditions: Vec<Condition> = tx.all_of(patient)?;
        let mut medications: Vec<Medication> = tx.all_of(patient)?;
        let mut observations: Vec<Observation> = tx.all_of(patient)?;
        let immunizations: Vec<Immunization> = tx.all_of(patient)?;
        let notes: Vec<Note> = tx.all_of(patient)?;
        conditions.sort_by_key(|condition| condition.status != "active");
        medications.sort_by_key(|medication| medication.status != "active");
        observations.sort_by(|a, b| b.effective.cmp(&a.effective));
        let (vitals, results): (Vec<_>, Vec<_>) = observations.into_iter().partition(Observation::is_vital);
        // Two desks may have written both: an allergy always outweighs the statement that there is none.
        let (none, some): (Vec<_>, Vec<_>) =
            allergies.iter().filter(|allergy| allergy.status == "active").partition(|allergy| allergy.is_no_known_allergy());
        let no_known_allergies = !none.is_empty() && some.is_empty();
        let visits = crate::encounter::table::of_patient(tx.conn(), patient)?
            .into_iter()
            .map(|(encounter_id, arrived, seen_by, reason)| {
                let note = notes.iter().find(|note| note.encounter_id == encounter_id);
                Ok(VisitSummary {
                    encounter_id,
                    note_id: note.map(|note| note.id),
                    date: instant(arrived),
                    practitioner: seen_by.map(|id| practitioner::name_of(tx.conn(), id)).transpose()?.unwrap_or_default(),
                    reason,
                    note_status: note.map(|note| note.status),
                    first_lines: note.map(first_lines).unwrap_or_default(),
                })
            })
            .collect::<Result<_, ClinicError>>()?;
        Ok(ChartView {
            patient: PatientView::of(person, ZonedDateTime::now().date()),
            allergies: allergies.into_iter().filter(|allergy| !allergy.is_no_known_allergy()).map(AllergyView::from).collect(),
            no_known_allergies,
            conditions: conditions.into_iter().map(ConditionView::from).collect(),
            medications: medications.into_iter().map(MedicationView::from).collect(),
            vitals: vitals.into_iter().take(MAX_RESULTS).map(ObservationView::from).collect(),
            observations: results.into_iter().take(MAX_RESULTS).map(ObservationView::from).collect(),
            immunizations: immunizations.into_iter().map(ImmunizationView::from).collect(),
            visits,
            appointments: appointment::table::of_patient(tx.conn(), patient)?,
        })
    })
}

/// The first sentences of a note that stand, on one line.
fn first_lines(note: &Note) -> String {
    let sentences =
        note.in_order().flat_map(|section| &section.sentences).filter(|sentence| sentence.state != crate::note::SentenceState::Struck);
    sentences.take(2).map(|sentence| sentence.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// What an access to a stored record is about: its patient, so that the gate can check the care relation.
pub(crate) fn about_record(session: &Session, record_type: RecordType, id: impl Into<RecordId>) -> Result<About, ClinicError> {
    let id = id.into();
    let subject = crate::changes::table::subject_of(&session.conn, id)?;
    Ok(About { subject, ..About::nothing().record(record_type, id) })
}

/// One audit event as a person reads it.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditEventView {
    pub seq: u32,
    pub recorded: String,
    pub actor: String,
    pub role: String,
    pub action: String,
    pub patient_name: Option<String>,
    pub detail: String,
    pub outcome: Outcome,
}

/// The audit trail, newest first.
pub fn audit_events(session: &mut Session, filter: &audit::AuditFilter) -> Result<Vec<AuditEventView>, ClinicError> {
    let day = |field: &str, text: &Option<String>, add: i64, open: i64| -> Result<i64, ClinicError> {
        let Some(text) = text else { return Ok(open) };
        let date: jiff::civil::Date = text.parse().map_err(|_| ClinicError::invalid(field, "impossible_date"))?;
        let start = date.to_zoned_datetime(jiff::tz::TimeZone::system()).map_err(|_| ClinicError::invalid(field, "impossible_date"))?;
        Ok(start.timestamp().as_millisecond() + add)
    };
    let (from, to) = (day("from", &filter.from, 0, i64::MIN)?, day("to", &filter.to, 86_399_999, i64::MAX)?);
    let about = About { subject: filter.patient_id, ..About::nothing().detail("audit") };
    let access = session.authorize::<ReadAudit>(about)?;
    session.read(&access, |tx| {
        let staff = practitioner::load_all(tx.conn())?;
        audit::table::list(tx.conn(), filter, from, to)?
            .into_iter()
            .map(|stored| {
                let event = stored.event;
                let name = |id| staff.iter().find(|person| person.id == id).map(|person| person.name.clone());
                Ok(AuditEventView {
                    seq: u32::try_from(stored.position).unwrap_or(u32::MAX),
                    recorded: instant(event.recorded),
                    actor: event.actor.and_then(name).unwrap_or_default(),
                    role: event.roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", "),
                    action: event.action,
                    patient_name: event
                        .subject
                        .and_then(|id| crate::patient::table::name_of(tx.conn(), id).transpose())
                        .transpose()?
                        .map(|(name, _)| name),
                    detail: event.detail.unwrap_or_default(),
                    outcome: event.outcome,
                })
            })
            .collect()
    })
}

/// Everyone who looked at one patient's record, newest first.
pub fn who_looked(session: &mut Session, patient: PatientId) -> Result<Vec<AuditEventView>, ClinicError> {
    audit_events(session, &audit::AuditFilter { patient_id: Some(patient), limit: 500, ..audit::AuditFilter::default() })
}
