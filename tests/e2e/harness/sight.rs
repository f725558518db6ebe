//! Pictures of the window, for people to look at.

use std::{fs, path::PathBuf};

use serde_json::json;

use super::{PATIENCE, Role, Window, until, window::Named};

const TWO_FRAMES: &str = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(null)));";

/// What moves, as a level meter, is never twice the same.
const AT_MOST: usize = 6;

/// Where they are left.
pub fn album() -> PathBuf {
    let album = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/out");
    fs::create_dir_all(&album).expect("a folder for pictures");
    album
}

impl Window {
    /// Leaves a picture of what is shown now, once two in a row are the same: the first may show what was there before.
    pub fn picture(&self, name: &str) -> &Self {
        fs::write(album().join(format!("{name}.png")), self.settles()).expect("a picture");
        self
    }

    /// Waits until two pictures in a row are the same, and gives it.
    pub fn settles(&self) -> Vec<u8> {
        let mut last = self.look();
        for _ in 0..AT_MOST {
            let next = self.look();
            if next == last {
                break;
            }
            last = next;
        }
        last
    }

    fn look(&self) -> Vec<u8> {
        let drawn = self.drive(self.client().execute_async(TWO_FRAMES, Vec::new()));
        drawn.unwrap_or_else(|error| self.fail(&format!("nothing is drawn: {error}")));
        self.drive(self.client().screenshot()).unwrap_or_else(|error| self.fail(&format!("no picture can be taken: {error}")))
    }

    /// Turns the colours, by the button that a person uses where nothing lies over it.
    pub fn in_colours(&self, colours: Colours) -> &Self {
        let (name, wanted) = match colours {
            Colours::Light => ("Light colours", "light"),
            Colours::Dark => ("Dark colours", "dark"),
        };
        let now = || self.drive(self.client().execute("return document.documentElement.dataset.mantineColorScheme", Vec::new())).ok();
        if now() == Some(json!(wanted)) {
            return self;
        }
        if self.has(Role::Dialog, Named::Has("")) {
            let turn = "document.documentElement.dataset.mantineColorScheme = arguments[0]";
            self.drive(self.client().execute(turn, vec![json!(wanted)])).unwrap_or_else(|error| self.fail(&error.to_string()));
        } else {
            self.click(name);
        }
        if until(PATIENCE, || now().filter(|now| *now == json!(wanted))).is_none() {
            self.fail(&format!("the colours do not turn {wanted}"));
        }
        self
    }

    /// Makes the window this large.
    pub fn resize(&self, width: u32, height: u32) -> &Self {
        self.drive(self.client().set_window_size(width, height))
            .unwrap_or_else(|error| self.fail(&format!("the window keeps its size: {error}")));
        let size = || self.drive(self.client().execute("return [innerWidth, innerHeight]", Vec::new())).ok();
        if until(PATIENCE, || size().filter(|now| *now == json!([width, height]))).is_none() {
            self.fail(&format!("the window is {:?} instead of {width} × {height}", size()));
        }
        self
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Colours {
    Light,
    Dark,
}

/// A last picture before a story fails; its name, or why there is none.
pub fn failure(window: &Window) -> String {
    let path = album().join(format!("failed-{}.png", window.story));
    match window.drive(window.client().screenshot()) {
        Ok(picture) => fs::write(&path, picture).map_or_else(|error| error.to_string(), |()| path.display().to_string()),
        Err(error) => error.to_string(),
    }
}
