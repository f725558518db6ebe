//! The demo clinic: fictional patients of several cultures with charts, signed notes, a week of diary and a queue, so that every screen
//! has something to show. All persons are made up; identity and telephone numbers lie in ranges that nobody has.
//!
//! What it says stands in `data/demo.json`. It is written through the gate like any other data: audited, signed, each note by its own doctor.
//! Must never touch a vault that it has not made itself, or be taken for a real clinic.

mod data;
mod plan;
#[cfg(test)]
mod tests;

use crypto::PasswordCost;
use jiff::{
    ZonedDateTime,
    civil::{Date, DateTime, Time},
};

use self::plan::{Plan, Signed, Team};
use crate::{
    PractitionerId, Session, Vault,
    access::{About, Import, MayWrite, Record as RecordPermission, Role, SignNote, WriteNote},
    changes::{Record, RecordType},
    db::WriteTx,
    error::ClinicError,
    practitioner::StaffRequest,
    session::LockReason,
    unlock::SetUp,
};

pub const DEMO_CLINIC: &str = "Klinik Contoh (demo)";
/// Everyone's password. No secret: the locked screen of the demo shows it.
pub const DEMO_PASSWORD: &str = "teh tarik kurang manis";
/// Manager and doctor, the one who made the vault.
pub const DEMO_MANAGER: &str = "Dr Aisyah Rahman";

/// The hour it is in the demo, when it is made for another day than today.
const OTHER_DAYS_HOUR: Time = Time::constant(10, 40, 0, 0);

/// Makes the demo clinic in an empty folder and opens it for [`DEMO_MANAGER`]. All of it, or nothing.
///
/// The same `today` gives the same clinic, ids apart; the times of today's queue end at the present minute. `cost`: of everyone's password,
/// the floor unless given, since a password that is shown protects nothing.
pub fn set_up(vault: &Vault, accept_no_keyring: bool, cost: Option<PasswordCost>, today: Date) -> Result<Session, ClinicError> {
    let (_, session) = vault.set_up(SetUp {
        clinic: DEMO_CLINIC.to_owned(),
        manager: DEMO_MANAGER.to_owned(),
        roles: vec![Role::Manager, Role::Doctor],
        password: DEMO_PASSWORD.to_owned().into(),
        accept_no_keyring,
        demo: true,
        cost: Some(cost.unwrap_or(PasswordCost::floor())),
    })?;
    let made = fill(vault, session, at(today));
    if made.is_err() {
        // The vault is the one made above. Half a demo would look like lost data.
        vault.delete_demo()?;
    }
    made
}

/// The moment that the demo's day has come to.
fn at(today: Date) -> DateTime {
    let now = ZonedDateTime::now();
    if now.date() == today { now.datetime() } else { today.to_datetime(OTHER_DAYS_HOUR) }
}

fn fill(vault: &Vault, mut session: Session, at: DateTime) -> Result<Session, ClinicError> {
    let aisyah = session.actor().id;
    let mut hire = |name: &str, role| {
        let request = StaffRequest { name: name.to_owned(), roles: vec![role], password: DEMO_PASSWORD.to_owned() };
        Ok::<_, ClinicError>(vault.add_staff(&mut session, request)?.id)
    };
    let team = Team { aisyah, tan: hire("Dr Tan Wei Ling", Role::Doctor)?, nurse: hire("Letchumi Raman", Role::Nurse)? };
    hire("Nurul Huda Ismail", Role::Receptionist)?;
    hire("Agnes Gimbang", Role::Manager)?;
    let plan = Plan::on(at, &team)?;
    store_records(&mut session, &plan)?;
    // Each doctor signs their own notes: the trail of the demo tells no lies either.
    vault.lock(session, LockReason::User)?;
    let mut session = open(vault, team.tan)?;
    sign(&mut session, &plan)?;
    vault.lock(session, LockReason::User)?;
    let mut session = open(vault, aisyah)?;
    sign(&mut session, &plan)?;
    session.take_changed();
    Ok(session)
}

fn open(vault: &Vault, who: PractitionerId) -> Result<Session, ClinicError> {
    vault.unlock(&who.to_string(), DEMO_PASSWORD)
}

/// Everything but notes, in one transaction. As an import, which keeps the times that the records bring with them.
fn store_records(session: &mut Session, plan: &Plan) -> Result<(), ClinicError> {
    let access = session.authorize::<Import>(About::nothing().detail("demo clinic"))?;
    session.write(access, |tx| {
        create_all(tx, &plan.patients)?;
        create_all(tx, &plan.allergies)?;
        create_all(tx, &plan.conditions)?;
        create_all(tx, &plan.medications)?;
        create_all(tx, &plan.immunizations)?;
        create_all(tx, &plan.appointments)?;
        create_all(tx, &plan.encounters)?;
        create_all(tx, &plan.observations)
    })
}

fn create_all<R: Record>(tx: &mut WriteTx<'_, Import>, records: &[R]) -> Result<(), ClinicError>
where
    Import: MayWrite<R>,
{
    records.iter().try_for_each(|record| tx.create(record))
}

/// The notes of the doctor at the desk, with the times they were signed at.
fn sign(session: &mut Session, plan: &Plan) -> Result<(), ClinicError> {
    let me = session.actor().id;
    for Signed { note, consent, addendum } in plan.notes.iter().filter(|signed| signed.note.author_id == me) {
        let patient = || About::patient(note.patient_id);
        if let Some(consent) = consent {
            let access = session.authorize::<RecordPermission>(patient().record(RecordType::Consent, consent.id).detail("consent"))?;
            session.write(access, |tx| tx.create(consent))?;
        }
        let access = session.authorize::<SignNote>(patient().record(RecordType::Composition, note.id).detail("sign"))?;
        session.write(access, |tx| tx.create(note))?;
        if let Some(addendum) = addendum {
            let access = session.authorize::<WriteNote>(patient().record(RecordType::Composition, note.id).detail("addendum"))?;
            session.write(access, |tx| tx.create(addendum))?;
        }
    }
    Ok(())
}
