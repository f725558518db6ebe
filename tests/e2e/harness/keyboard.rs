//! Keys, pressed in the window as they are pressed at a desk: they go to whatever has the keyboard.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};

use super::Window;

/// More stops than any screen has.
const STOPS: usize = 120;

impl Window {
    /// Types text where the keyboard is.
    pub fn type_in(&self, text: &str) -> &Self {
        let typed = self.drive(async { self.client().active_element().await?.send_keys(text).await });
        typed.unwrap_or_else(|error| self.fail(&format!("nothing takes “{text}”: {error}")));
        self
    }

    /// Presses one key by its name.
    pub fn press(&self, key: &str) -> &Self {
        self.chord(key)
    }

    /// Presses keys together: `Ctrl+K`.
    pub fn chord(&self, keys: &str) -> &Self {
        let codes: Vec<char> = keys.split('+').map(code).collect();
        let down = codes.iter().fold(KeyActions::new("keyboard".to_owned()), |keys, value| keys.then(KeyAction::Down { value: *value }));
        let up = codes.iter().rev().fold(down, |keys, value| keys.then(KeyAction::Up { value: *value }));
        self.drive(self.client().perform_actions(up)).unwrap_or_else(|error| self.fail(&format!("{keys} cannot be pressed: {error}")));
        self
    }

    /// Goes on with Tab until the keyboard is at the thing with this name, as somebody without a mouse does.
    pub fn tab_to(&self, name: &str) -> &Self {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            match self.focus() {
                Some((_, focused)) if focused == name => return self,
                Some((role, focused)) => passed.push(format!("{role} “{focused}”")),
                None => passed.push("the page itself".to_owned()),
            }
            self.press("Tab");
        }
        self.fail(&format!("Tab never comes to “{name}”; it passes\n{}", passed.join("\n")))
    }
}

/// The code points that WebDriver gives to keys without a character.
fn code(key: &str) -> char {
    match key {
        "Ctrl" => '\u{e009}',
        "Shift" => '\u{e008}',
        "Alt" => '\u{e00a}',
        "Backspace" => '\u{e003}',
        "Tab" => '\u{e004}',
        "Enter" => '\u{e007}',
        "Esc" => '\u{e00c}',
        "Space" => ' ',
        "Left" => '\u{e012}',
        "Up" => '\u{e013}',
        "Right" => '\u{e014}',
        "Down" => '\u{e015}',
        "Delete" => '\u{e017}',
        "F2" => '\u{e032}',
        _ => key.to_lowercase().chars().next().expect("a key"),
    }
}
