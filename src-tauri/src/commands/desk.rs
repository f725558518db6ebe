//! Before and around a session: set-up, unlock, lock, recovery, the person's own forms.

use std::{fs::OpenOptions, io::Write, path::Path};

use clinic::{
    PractitionerId,
    access::{PermissionCode, Role, permissions_of},
    session::LockReason,
    unlock::{self, KeyringMode, PasswordStrength, RecoveryKit, SetUp, StaffTile, VaultPhase},
};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::DialogExt;
use zeroize::Zeroizing;

use super::with;
use crate::{
    error::{AppError, ErrorCode},
    recorder::{RecordingPhase, RecordingStatus},
    state::Desk,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum DeskPhase {
    New,
    Locked,
    Unlocked,
    Damaged,
}

/// What a window without a session may know.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DeskState {
    pub phase: DeskPhase,
    pub clinic: Option<String>,
    pub staff: Vec<StaffTile>,
    pub keyring: KeyringMode,
    pub wait_seconds: u32,
    pub demo: bool,
    /// The demo clinic's password is no secret.
    pub demo_password: Option<String>,
    /// A recording goes on while the desk is locked: people in the room must see it.
    pub recording: Option<RecordingPhase>,
}

#[derive(Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SetUpRequest {
    pub clinic: String,
    pub manager_name: String,
    pub also_doctor: bool,
    pub password: String,
    pub accept_no_keyring: bool,
}

/// The recovery kit with its QR picture, to print or save. Shown once.
#[derive(Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryKitView {
    pub clinic: String,
    pub words: Vec<String>,
    pub qr_svg: String,
    pub made_on: String,
}

/// Who is at the desk and what they may do.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    pub staff_id: PractitionerId,
    pub name: String,
    pub roles: Vec<Role>,
    pub permissions: Vec<PermissionCode>,
    pub clinic: String,
    pub demo: bool,
    pub keyring: KeyringMode,
    pub idle_limit_seconds: u32,
    pub language: String,
    pub form_keys: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    ThisDeskOnly,
}

/// The state bar.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    pub saved_at: Option<String>,
    pub sync: SyncState,
    pub idle_left_seconds: u32,
    pub idle_limit_seconds: u32,
    pub session_left_seconds: u32,
    pub recording: Option<RecordingStatus>,
}

#[tauri::command(async)]
#[specta::specta]
pub fn desk_state(app: AppHandle) -> Result<DeskState, AppError> {
    let desk = app.state::<Desk>();
    let state = desk.with_vault(clinic::Vault::state)?;
    let phase = match state.phase {
        VaultPhase::New => DeskPhase::New,
        VaultPhase::Damaged => DeskPhase::Damaged,
        VaultPhase::Locked if desk.is_unlocked() => DeskPhase::Unlocked,
        VaultPhase::Locked => DeskPhase::Locked,
    };
    Ok(DeskState {
        phase,
        clinic: state.clinic,
        staff: state.staff,
        keyring: state.keyring,
        wait_seconds: state.wait_seconds,
        demo: state.demo,
        demo_password: state.demo.then(|| clinic::demo::DEMO_PASSWORD.to_owned()),
        recording: desk.recorders.status().map(|recording| recording.state),
    })
}

#[tauri::command(async)]
#[specta::specta]
pub fn password_strength(password: String, names: Vec<String>) -> Result<PasswordStrength, AppError> {
    Ok(unlock::strength(&Zeroizing::new(password), &names))
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_up(app: AppHandle, request: SetUpRequest) -> Result<RecoveryKitView, AppError> {
    let roles = if request.also_doctor { vec![Role::Doctor, Role::Manager] } else { vec![Role::Manager] };
    let answers = SetUp {
        clinic: request.clinic,
        manager: request.manager_name,
        roles,
        password: Zeroizing::new(request.password),
        accept_no_keyring: request.accept_no_keyring,
        demo: false,
        cost: None,
    };
    let kit = app.state::<Desk>().begin(&app, |vault| vault.set_up(answers))?;
    kit_view(kit)
}

#[tauri::command(async)]
#[specta::specta]
pub fn start_demo(app: AppHandle) -> Result<DeskState, AppError> {
    let today = jiff::ZonedDateTime::now().date();
    app.state::<Desk>().with_vault(|vault| clinic::demo::set_up(vault, true, None, today).map(drop))?;
    desk_state(app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn delete_demo(app: AppHandle) -> Result<DeskState, AppError> {
    let desk = app.state::<Desk>();
    // Only a manager at the desk, or anyone at the locked demo: its password is public.
    if desk.is_unlocked() {
        with(&app, |session| Ok(session.actor().roles.contains(&Role::Manager)))?.then_some(()).ok_or(ErrorCode::Denied)?;
    }
    desk.lock(&app, LockReason::User);
    desk.with_vault(clinic::Vault::delete_demo)?;
    desk_state(app)
}

/// Asks where, then writes the kit as a page to print. False: the person closed the dialog.
#[tauri::command(async)]
#[specta::specta]
pub fn save_recovery_kit(app: AppHandle, kit: RecoveryKitView) -> Result<bool, AppError> {
    let Some(path) = app.dialog().file().set_file_name("gladstone-recovery-kit.html").blocking_save_file() else { return Ok(false) };
    let path = path.into_path().map_err(|_| AppError::from(ErrorCode::Disk))?;
    let words: String = kit.words.iter().map(|word| format!("<li>{}</li>", escape(word))).collect();
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>Gladstone</title><style>body{{font:16px sans-serif;margin:2cm}}ol{{columns:3}}svg{{width:5cm}}</style><h1>{}</h1><p>{}</p><ol>{words}</ol>{}",
        escape(&kit.clinic),
        escape(&kit.made_on),
        qr(&kit.words)?
    );
    write_private(&path, page.as_bytes()).map_err(clinic::ClinicError::from)?;
    Ok(true)
}

#[tauri::command(async)]
#[specta::specta]
pub fn unlock(app: AppHandle, staff_id: String, password: String) -> Result<SessionView, AppError> {
    let password = Zeroizing::new(password);
    app.state::<Desk>().begin(&app, |vault| Ok(((), vault.unlock(&staff_id, &password)?)))?;
    session(app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn recover(app: AppHandle, words: String, staff_id: Option<PractitionerId>, new_password: String) -> Result<SessionView, AppError> {
    let (words, password) = (Zeroizing::new(words), Zeroizing::new(new_password));
    app.state::<Desk>().begin(&app, |vault| Ok(((), vault.recover(&words, staff_id, &password)?)))?;
    session(app)
}

#[tauri::command(async)]
#[specta::specta]
pub fn lock(app: AppHandle) -> Result<(), AppError> {
    app.state::<Desk>().lock(&app, LockReason::User);
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn session(app: AppHandle) -> Result<SessionView, AppError> {
    app.state::<Desk>().with(&app, |vault, session| {
        let keyring = vault.state()?.keyring;
        let (actor, settings) = (session.actor().clone(), session.settings().clone());
        Ok(SessionView {
            staff_id: actor.id,
            permissions: permissions_of(&actor.roles),
            name: actor.name,
            roles: actor.roles,
            clinic: settings.clinic,
            demo: settings.demo,
            keyring,
            idle_limit_seconds: settings.idle_limit_seconds,
            language: clinic::practitioner::language(session)?,
            form_keys: session.form_keys()?,
        })
    })
}

#[tauri::command(async)]
#[specta::specta]
pub fn status(app: AppHandle) -> Result<StatusView, AppError> {
    let desk = app.state::<Desk>();
    let saved_at = desk.saved_at().and_then(|at| jiff::Timestamp::from_millisecond(at).ok()).map(|at| at.to_string());
    let recording = desk.recorders.status();
    with(&app, |session| {
        let seconds = |left: std::time::Duration| u32::try_from(left.as_secs()).unwrap_or(u32::MAX);
        Ok(StatusView {
            saved_at,
            sync: SyncState::ThisDeskOnly,
            idle_left_seconds: seconds(session.timer.idle_left()),
            idle_limit_seconds: seconds(session.timer.idle_limit()),
            session_left_seconds: seconds(session.timer.session_left()),
            recording,
        })
    })
}

#[tauri::command(async)]
#[specta::specta]
pub fn touch(app: AppHandle) -> Result<(), AppError> {
    with(&app, |session| {
        session.timer.touch();
        Ok(())
    })
}

#[tauri::command(async)]
#[specta::specta]
pub fn step_up(app: AppHandle, password: String) -> Result<(), AppError> {
    let password = Zeroizing::new(password);
    app.state::<Desk>().with(&app, |vault, session| vault.step_up(session, &password))
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_language(app: AppHandle, language: String) -> Result<(), AppError> {
    with(&app, |session| clinic::practitioner::set_language(session, &language))
}

#[tauri::command(async)]
#[specta::specta]
pub fn save_form(app: AppHandle, key: String, content: String) -> Result<(), AppError> {
    with(&app, |session| session.save_form(&key, &content))
}

#[tauri::command(async)]
#[specta::specta]
pub fn load_form(app: AppHandle, key: String) -> Result<Option<String>, AppError> {
    with(&app, |session| session.load_form(&key))
}

#[tauri::command(async)]
#[specta::specta]
pub fn drop_form(app: AppHandle, key: String) -> Result<(), AppError> {
    with(&app, |session| session.drop_form(&key))
}

fn kit_view(kit: RecoveryKit) -> Result<RecoveryKitView, AppError> {
    Ok(RecoveryKitView { qr_svg: qr(&kit.words)?, clinic: kit.clinic, words: kit.words, made_on: kit.made_on })
}

/// Whoever reads the kit opens the desk: no other user of this computer may.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn qr(words: &[String]) -> Result<String, AppError> {
    let code = qrcode::QrCode::new(words.join(" ")).map_err(|_| AppError::from(ErrorCode::Internal))?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_saved_kit_is_read_by_its_owner_alone_also_over_an_older_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kit.html");
        std::fs::write(&path, "an older and longer file").unwrap();
        super::write_private(&path, b"words").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"words");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
