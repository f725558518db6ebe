//! Nothing that was typed or said at a desk stands in plain text on its disk, in its log, or in what the webview keeps.

use std::{env, fs, path::PathBuf};

use crate::harness::{Desk, Microphone, Named, PASSWORD, Place, Role, Speech, Voice, Window, entropy, leaks, sounds, visit, words};

const DOCTOR: &str = "Aisyah Rahman";
/// Below this a file is too short to tell sound from noise by its bytes.
const TELLING: usize = 16 << 10;
/// Bits a byte. Speech stays below 7, text below 5; what is encrypted comes to 7.99.
const ENCRYPTED: f64 = 7.8;

/// Words that nobody ever wrote, another one for each field.
#[derive(Default)]
struct Markers(Vec<String>);

impl Markers {
    fn word(&mut self) -> String {
        const PARTS: [&str; 16] =
            ["bak", "dul", "fim", "gor", "hep", "jul", "kav", "lom", "nid", "pux", "rog", "sef", "tam", "vuk", "wib", "zog"];
        let at = self.0.len();
        self.0.push(format!("Qx{}{}vebrul", PARTS[at / PARTS.len()], PARTS[at % PARTS.len()]));
        self.0[at].clone()
    }

    /// Digits that fit a phone or an identity number.
    fn number(&mut self) -> String {
        self.0.push(format!("0918273{:04}", 6_401 + 7 * self.0.len()));
        self.0[self.0.len() - 1].clone()
    }
}

#[test]
fn nothing_leaks() {
    let desk = Desk::new("nothing_leaks");
    let words = ["init", "--clinic", "Klinik Seberang", "--manager", DOCTOR, "--also-doctor", "--password-stdin"];
    let made = desk.command_line().result(&words, Some(PASSWORD));
    let kit = made["recovery_kit"].as_str().expect("recovery words").to_owned();
    let mut markers = Markers(vec![PASSWORD.to_owned(), kit.split(' ').take(3).collect::<Vec<_>>().join(" ")]);

    let window = desk.open();
    window.unlock(DOCTOR, PASSWORD).finds(Role::Heading, "Today");
    register(&window, &mut markers);
    let name = book_and_check_in(&window, &mut markers);
    window.open_next_patient(&name);
    write_chart(&window, &mut markers);
    let said = speak(&desk, &window, &mut markers);
    write_note(&window, &mut markers);
    manage(&window, &mut markers);
    leave_half_written(&window, &mut markers);

    window.chord("Ctrl+L").sees("The desk is locked");
    markers.0.extend(said);
    for word in &markers.0 {
        assert!(!window.text().to_lowercase().contains(&word.to_lowercase()), "“{word}” stands on the locked screen");
    }
    the_search_would_find(&desk, &markers.0);
    nothing_is_found("while the desk is locked", &markers.0);
    window.close();
    nothing_is_found("after the app has ended", &markers.0);
}

fn register(window: &Window, markers: &mut Markers) {
    window.chord("Ctrl+N").finds(Role::Dialog, "Register a patient");
    window.fill("Given name", &markers.word()).fill("Family name", &markers.word()).fill("Birth date", "3/5/1980").click("Female");
    window.fill("Phone", &markers.number()).fill("Identifier", &markers.word());
    window.click(Named::Starts("More details"));
    window.click("Add a name").fill("Other name 1", &markers.word());
    window.click("Add a phone or e-mail").fill("Phone or e-mail 1", &markers.number());
    window.click("Add an identifier").fill("Identifier 2", &markers.word());
    for field in ["Street and house", "Town", "District", "State", "Postal code", "Country"] {
        window.fill(field, &markers.word());
    }
    window
        .click("Add next of kin")
        .fill("Name of next of kin 1", &markers.word())
        .fill("Relationship 1", &markers.word())
        .fill("Phone of next of kin 1", &markers.number());
    window.click("Register").sees("is registered");
}

/// Gives the name the patient goes by.
fn book_and_check_in(window: &Window, markers: &mut Markers) -> String {
    let name = format!("{} {}", markers.0[2], markers.0[3]);
    window.click("Book").book(DOCTOR, "23:30", &markers.word()).chord("Ctrl+Enter").sees("is booked at 23:30");
    window.who_is_here(&name, &name);
    name
}

fn write_chart(window: &Window, markers: &mut Markers) {
    window
        .click("Add allergy")
        .fill("Substance", &markers.word())
        .fill("Reaction", &markers.word())
        .click("Save allergy")
        .loses("Save allergy");
    window.click("Add problem").fill("Problem", &markers.word()).click("Save problem").loses("Save problem");
    window
        .click("Add medicine")
        .fill("Medicine", &markers.word())
        .fill("Dosage", &markers.word())
        .click("Save medicine")
        .loses("Save medicine");
    window
        .click("Given")
        .click("Guardian")
        .fill("Name of the person who decided", &markers.word())
        .click("Save consent")
        .sees("Consent given");
}

/// Says words that are not said together, and gives what was understood of them.
fn speak(desk: &Desk, window: &Window, markers: &mut Markers) -> Vec<String> {
    let speech = Speech::of(&[
        (Voice::Patient, "My dreams are about marmalade lanterns and velvet submarines."),
        (Voice::Doctor, "Tell me more about the velvet submarines."),
        (Voice::Patient, "They carry porcelain elephants across the desert."),
    ]);
    window.record();
    Microphone::say(&speech);
    window.stop_and_draft();
    let heard = words(&window.transcript());
    let pairs: Vec<String> = heard.windows(2).filter(|pair| pair.iter().all(|word| word.len() > 5)).map(|pair| pair.join(" ")).collect();
    assert!(
        pairs.iter().any(|pair| pair == "velvet submarines" || pair == "porcelain elephants"),
        "nothing of it was understood: {heard:?}"
    );

    // The sound lies on the disk until the note is signed: sealed, in no form that plays or can be told from noise.
    let data = desk.place(Place::Data);
    assert_eq!(sounds(desk.place(Place::Data).parent().expect("the desk's folder")), Vec::<PathBuf>::new());
    let mut looked_at = 0;
    visit(&data, &mut |path, content| {
        // The index of the write-ahead log holds page numbers only.
        if content.len() < TELLING || path.to_string_lossy().ends_with("-shm") {
            return;
        }
        looked_at += 1;
        let bits = entropy(content);
        assert!(bits > ENCRYPTED, "{} is not encrypted: {bits:.2} bits a byte", path.display());
    });
    assert!(looked_at >= 2, "neither a database nor sound was looked at");
    markers.0.extend(speech.lines.iter().map(|line| line.words.to_owned()));
    pairs
}

fn write_note(window: &Window, markers: &mut Markers) {
    window.write_sentence("Plan", &markers.word());
    let first = window.sentences().first().cloned().expect("a sentence");
    window.go_to_sentence(&first).press("E").fill("Sentence", &markers.word()).press("Enter").sees("edited");
    window.keep_what_needs_a_look().click("Sign").prove_if_asked(PASSWORD, &format!("Signed by {DOCTOR}"));
    window.fill("Addendum", &markers.word()).click("Add addendum").finds(Role::Heading, "Addenda");
}

fn manage(window: &Window, markers: &mut Markers) {
    window
        .go_to("Manage")
        .click("Clinic")
        .fill("Clinic name", &markers.word())
        .click("Save")
        .prove_if_asked(PASSWORD, "The settings hold from now on.");
    window.fill("Clinic name", "Klinik Seberang").click("Save").finds(Role::Heading, Named::Starts("Klinik Seberang"));
}

fn leave_half_written(window: &Window, markers: &mut Markers) {
    window.go_to("Patients").click_nth(Role::Field, "Search patients", 0).type_in(&markers.word());
    window.chord("Ctrl+K").focuses("Name, phone").type_in(&markers.word()).sees("Register Qx").press("Esc");
    window.chord("Ctrl+N").finds(Role::Dialog, "Register a patient").fill("Given name", &markers.word());
}

/// Every place is really searched: what is put there is found, in any writing.
fn the_search_would_find(desk: &Desk, markers: &[String]) {
    for place in Place::ALL {
        let planted = desk.place(place).join("planted");
        for form in [markers[4].to_uppercase().into_bytes(), markers[4].encode_utf16().flat_map(u16::to_le_bytes).collect()] {
            fs::write(&planted, form).expect("a file");
            let found = leaks(&session(), markers);
            assert!(found.iter().any(|leak| leak.file == planted && leak.word == markers[4]), "{place:?} is not searched");
        }
        fs::remove_file(planted).expect("the file");
    }
}

fn nothing_is_found(when: &str, markers: &[String]) {
    let found = leaks(&session(), markers);
    assert!(found.is_empty(), "{when}: {found:#?}");
}

/// Home, runtime and temporary folder of the whole session, this desk's folders among them.
fn session() -> PathBuf {
    PathBuf::from(env::var_os("GLADSTONE_SESSION").expect("a private session"))
}
