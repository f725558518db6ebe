//! Everything as NDJSON, one file a type, as FHIR Bulk Data names them: `Patient.ndjson`. References are `Type/id`.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use uuid::Uuid;

use super::{StoredResource, Types, each_reference, here, stored, uuid_of};
use crate::{
    access::{About, Export, MayRead},
    allergy::Allergy,
    appointment::Appointment,
    changes::{Record, RecordType},
    condition::Condition,
    consent::Consent,
    db::ReadTx,
    encounter::Encounter,
    error::ClinicError,
    fhir::{map::Mapped, table, validate::reread},
    immunization::Immunization,
    medication::Medication,
    note::{Addendum, Note},
    observation::Observation,
    patient::Patient,
    practitioner::Practitioner,
    session::Session,
};

/// How many resources of each type were written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    pub exported: BTreeMap<String, u64>,
}

/// Writes every record to a folder that is empty or not there yet. The folder appears with all files, or not at all.
///
/// # Errors
/// `folder: not_empty` or `not_a_folder`; a disk that cannot take the files.
pub fn export_all(session: &mut Session, folder: &Path) -> Result<ExportReport, ClinicError> {
    let access = session.authorize::<Export>(About::nothing().detail("fhir, everything"))?;
    let (parent, name) = place(folder)?;
    let partial = Partial::make(parent.join(format!(".{name}.{}.partial", Uuid::now_v7())))?;
    let report = session.read(&access, |tx| {
        let mut out = Files { folder: partial.0.clone(), open: BTreeMap::new(), types: Types::default(), report: ExportReport::default() };
        out.mapped::<Patient>(tx)?;
        out.mapped::<Encounter>(tx)?;
        out.mapped::<Appointment>(tx)?;
        out.mapped::<Condition>(tx)?;
        out.mapped::<Allergy>(tx)?;
        out.mapped::<Medication>(tx)?;
        out.mapped::<Observation>(tx)?;
        out.mapped::<Immunization>(tx)?;
        out.each::<Note>(tx, |_, note| Ok(("Composition".to_owned(), here::note(&note))))?;
        out.each::<Addendum>(tx, |tx, addendum| {
            let note = tx.load::<Note>(addendum.note_id)?;
            Ok(("Composition".to_owned(), here::addendum(&addendum, note.encounter_id)))
        })?;
        out.each::<Consent>(tx, |_, consent| Ok(("Consent".to_owned(), here::consent(&consent))))?;
        out.each::<Practitioner>(tx, |_, person| Ok(("Practitioner".to_owned(), here::practitioner(&person))))?;
        out.each::<StoredResource>(tx, |_, resource| Ok((resource.resource_type.clone(), stored(&resource))))?;
        out.finish()
    })?;
    if folder.exists() {
        fs::remove_dir(folder)?;
    }
    partial.become_(folder)?;
    Ok(report)
}

/// The folder's parent and name, if it may be written.
fn place(folder: &Path) -> Result<(PathBuf, String), ClinicError> {
    if folder.exists() {
        if !folder.is_dir() {
            return Err(ClinicError::invalid("folder", "not_a_folder"));
        }
        if fs::read_dir(folder)?.next().is_some() {
            return Err(ClinicError::invalid("folder", "not_empty"));
        }
    }
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
        return Err(ClinicError::invalid("folder", "not_a_folder"));
    };
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    Ok((parent.to_owned(), name.to_string_lossy().into_owned()))
}

/// A folder on its way, gone with this value unless it became the real one.
struct Partial(PathBuf);

impl Partial {
    /// For the owner alone, where the system knows that.
    fn make(path: PathBuf) -> Result<Self, ClinicError> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }

    fn become_(self, folder: &Path) -> Result<(), ClinicError> {
        fs::rename(&self.0, folder)?;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.0.exists()
            && let Err(error) = fs::remove_dir_all(&self.0)
        {
            tracing::error!(%error, "an unfinished export could not be removed");
        }
    }
}

/// The open files of an export.
struct Files {
    folder: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
    types: Types,
    report: ExportReport,
}

impl Files {
    fn mapped<R: Mapped>(&mut self, tx: &ReadTx<'_, Export>) -> Result<(), ClinicError>
    where
        Export: MayRead<R>,
    {
        self.each::<R>(tx, |_, record| Ok((R::NAME.to_owned(), record.to_fhir())))
    }

    /// One record at a time, so that memory does not grow with the clinic.
    fn each<R: Record>(
        &mut self,
        tx: &ReadTx<'_, Export>,
        to_fhir: impl Fn(&ReadTx<'_, Export>, R) -> Result<(String, String), ClinicError>,
    ) -> Result<(), ClinicError>
    where
        Export: MayRead<R>,
    {
        for id in table::ids_of_type(tx.conn(), &R::TYPE)? {
            let (kind, text) = to_fhir(tx, tx.load::<R>(id)?)?;
            self.write(tx, kind, &text)?;
        }
        Ok(())
    }

    fn write(&mut self, tx: &ReadTx<'_, Export>, kind: String, text: &str) -> Result<(), ClinicError> {
        // The type is a file's name: nothing but what the validator let in.
        if kind.is_empty() || !kind.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(ClinicError::NotFound(RecordType::Unknown(kind)));
        }
        let Some(mut tree) = reread(text) else { return Err(ClinicError::invalid(kind, "not_fhir")) };
        let mut failed = None;
        let types = &mut self.types;
        each_reference(&mut tree, &mut |members| {
            for (_, value) in members.iter_mut().filter(|(name, _)| matches!(name.as_ref(), "reference" | "url")) {
                let Some(id) = value.as_str().and_then(uuid_of) else { continue };
                match types.of(tx.conn(), id) {
                    Ok(Some(kind)) => *value = crate::fhir::validate::Json::String(format!("{kind}/{id}").into()),
                    Ok(None) => {}
                    Err(error) => failed = Some(error),
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let file = match self.open.entry(kind.clone()) {
            std::collections::btree_map::Entry::Occupied(open) => open.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                new.insert(BufWriter::new(File::create_new(self.folder.join(format!("{kind}.ndjson")))?))
            }
        };
        let mut line = tree.to_text();
        line.push('\n');
        file.write_all(line.as_bytes())?;
        *self.report.exported.entry(kind).or_default() += 1;
        Ok(())
    }

    /// Everything on the disk.
    fn finish(self) -> Result<ExportReport, ClinicError> {
        for (_, file) in self.open {
            file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        }
        Ok(self.report)
    }
}
