//! The one list of what the window may call and hear; a test writes it as TypeScript to `ui/src/bindings.gen.ts`.

use tauri_specta::{Builder, collect_commands, collect_events};

use crate::{
    commands::{chart, consultation, desk, diary, manage, patients},
    recorder::RecorderEvent,
    state::{DataChanged, SessionEvent},
};

/// Commands and events of the window.
pub fn builder() -> Builder<tauri::Wry> {
    Builder::<tauri::Wry>::new()
        .commands(collect_commands![
            desk::desk_state,
            desk::password_strength,
            desk::set_up,
            desk::start_demo,
            desk::delete_demo,
            desk::save_recovery_kit,
            desk::unlock,
            desk::recover,
            desk::lock,
            manage::desk_checks,
            desk::session,
            desk::status,
            desk::touch,
            desk::step_up,
            desk::set_language,
            desk::save_form,
            desk::load_form,
            desk::drop_form,
            patients::register_patient,
            patients::update_patient,
            patients::patient,
            patients::search_patients,
            patients::recent_patients,
            patients::likely_duplicates,
            patients::record_history,
            diary::practitioners,
            diary::appointments,
            diary::book,
            diary::move_appointment,
            diary::cancel_appointment,
            diary::restore_appointment,
            diary::mark_no_show,
            diary::check_in,
            diary::walk_in,
            diary::queue,
            diary::set_stage,
            chart::chart,
            chart::add_allergy,
            chart::record_no_known_allergies,
            chart::add_condition,
            chart::add_medication,
            chart::set_list_item_status,
            chart::record_vitals,
            chart::who_looked,
            consultation::open_encounter,
            consultation::start_visit,
            consultation::record_consent,
            consultation::audio_devices,
            consultation::start_recording,
            consultation::pause_recording,
            consultation::resume_recording,
            consultation::stop_recording,
            consultation::recovered_recordings,
            consultation::recover_recording,
            consultation::discard_recording,
            consultation::play_span,
            consultation::stop_playing,
            consultation::swap_speaker,
            consultation::draft_note,
            consultation::edit_note,
            consultation::sign_note,
            consultation::add_addendum,
            manage::staff,
            manage::add_staff,
            manage::audit_events,
            manage::verify_audit,
            manage::clinic_settings,
            manage::save_clinic_settings,
        ])
        .events(collect_events![SessionEvent, DataChanged, RecorderEvent])
}

#[cfg(test)]
mod tests {
    use specta_typescript::{Typescript, semantic};

    /// Writes the file anew where `GLADSTONE_WRITE_BINDINGS` is set; else a stale file fails.
    #[test]
    fn the_windows_types_are_those_of_the_commands() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/bindings.gen.ts");
        let folder = tempfile::tempdir().unwrap();
        let fresh = folder.path().join("bindings.gen.ts");
        // Seconds and measures are finite: they cross as plain numbers.
        let builder = super::builder().semantic_types(semantic::Configuration::empty().enable_lossless_floats()).disable_serde_phases();
        builder.export(Typescript::default().header("// @ts-nocheck"), &fresh).unwrap();
        let fresh: String = std::fs::read_to_string(fresh).unwrap().lines().map(|line| always_there(line) + "\n").collect();
        if std::env::var_os("GLADSTONE_WRITE_BINDINGS").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(kept == fresh, "ui/src/bindings.gen.ts is stale: run this test once with GLADSTONE_WRITE_BINDINGS=1");
    }

    /// A field that may be missing in a stored record is always sent, and the window always gives it: in its types none is optional.
    fn always_there(line: &str) -> String {
        if line.starts_with('\t') { line.replacen("?: ", ": ", 1) } else { line.to_owned() }
    }
}
