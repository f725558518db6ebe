//! The app's window: found by role and accessible name, as a screen reader finds it, and used by real clicks and keys.

use std::{future::Future, path::PathBuf, time::Duration};

use fantoccini::{
    Client, ClientBuilder,
    actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
    elements::ElementRef,
    error::CmdError,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    PATIENCE,
    desk::{APP, Desk},
    driver::Driver,
    processes, sight, until,
};

const DOM: &str = include_str!("dom.js");
/// The key under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// The driver itself may hang when the app is gone.
const ANSWER: Duration = Duration::from_secs(60);

/// What kind of thing is looked for.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// Anything that is pressed: buttons, links, tabs, menu entries, options, boxes to tick.
    Control,
    Field,
    Heading,
    Dialog,
    ListItem,
    Any(&'static str),
}

impl Role {
    fn names(self) -> Vec<&'static str> {
        match self {
            Self::Control => {
                vec!["button", "link", "tab", "menuitem", "menuitemradio", "option", "checkbox", "radio", "switch", "gridcell"]
            }
            Self::Field => vec!["textbox", "combobox", "searchbox", "spinbutton"],
            Self::Heading => vec!["heading"],
            Self::Dialog => vec!["dialog", "alertdialog"],
            Self::ListItem => vec!["listitem", "row"],
            Self::Any(role) => vec![role],
        }
    }
}

/// How a name is compared.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    Is(&'a str),
    Starts(&'a str),
    Has(&'a str),
}

impl<'a> From<&'a str> for Named<'a> {
    fn from(name: &'a str) -> Self {
        Self::Is(name)
    }
}

pub struct Window {
    pub story: &'static str,
    client: Client,
    runtime: Runtime,
    driver: Driver,
    app: u32,
}

impl Window {
    pub fn open(desk: &Desk, story: &'static str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let driver = Driver::start(|command| desk.surround(command), &desk.printed());
        let wanted = json!({ "webkitgtk:browserOptions": { "binary": APP, "args": [] } });
        let Value::Object(wanted) = wanted else { unreachable!("an object") };
        let address = driver.address();
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::native();
            builder.capabilities(wanted.into_iter().collect());
            tokio::time::timeout(ANSWER, builder.connect(&address)).await
        });
        let client = client.expect("the driver answers").expect("the app opens its window");
        let app = processes::below(driver.pid()).into_iter().find(|pid| processes::program(*pid) == Some(PathBuf::from(APP)));
        let window = Self { story, client, runtime, driver, app: app.expect("the app runs below its driver") };
        if until(PATIENCE, || Some(!window.text().trim().is_empty()).filter(|full| *full)).is_none() {
            window.fail("the window stays empty");
        }
        window
    }

    /// Ends the app as a power cut does.
    pub fn cut_power(self) {
        processes::signal("KILL", &[self.app]);
        until(PATIENCE, || (!processes::lives(self.app)).then_some(())).expect("the app is gone");
    }

    /// Ends the app as the computer does when its user logs out, and waits until nothing of it runs.
    pub fn close(self) {
        let all: Vec<u32> = processes::below(self.driver.pid());
        processes::signal("TERM", &[self.app]);
        until(PATIENCE, || (!all.iter().any(|pid| processes::lives(*pid))).then_some(())).expect("the app ends when it is asked to");
    }

    /// Runs one command of the driver.
    pub(super) fn drive<T>(&self, command: impl Future<Output = Result<T, CmdError>>) -> Result<T, CmdError> {
        let answered = self.runtime.block_on(async { tokio::time::timeout(ANSWER, command).await });
        answered.unwrap_or_else(|_| panic!("{}: the driver does not answer", self.story))
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Asks the page; a page that is just being replaced is asked again.
    fn ask(&self, verb: &str, ask: &Value) -> Value {
        let mut last = None;
        let answer = until(PATIENCE, || match self.drive(self.client.execute(DOM, vec![json!(verb), ask.clone()])) {
            Ok(answer) => Some(answer),
            Err(error) => {
                last = Some(error);
                None
            }
        });
        answer.unwrap_or_else(|| panic!("{}: the page does not answer “{verb}”: {last:?}", self.story))
    }

    /// All that can be read.
    pub fn text(&self) -> String {
        self.ask("text", &Value::Null).as_str().unwrap_or_default().to_owned()
    }

    pub fn shows(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Waits until the words can be read.
    pub fn sees(&self, words: &str) -> &Self {
        self.sees_within(PATIENCE, words)
    }

    pub fn sees_within(&self, patience: Duration, words: &str) -> &Self {
        if until(patience, || self.shows(words).then_some(())).is_none() {
            self.fail(&format!("“{words}” never appears"));
        }
        self
    }

    /// Waits until the words are gone.
    pub fn loses(&self, words: &str) -> &Self {
        if until(PATIENCE, || (!self.shows(words)).then_some(())).is_none() {
            self.fail(&format!("“{words}” does not go away"));
        }
        self
    }

    /// Waits until a thing with this name is there.
    pub fn finds<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> &Self {
        let name = name.into();
        if until(PATIENCE, || self.has(role, name).then_some(())).is_none() {
            self.fail(&format!("there is no {role:?} {name:?}"));
        }
        self
    }

    pub fn has<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> bool {
        self.count(role, name) > 0
    }

    pub fn count<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> u64 {
        self.ask("count", &ask(role, name.into(), 0)).as_u64().unwrap_or_default()
    }

    pub fn names<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> Vec<String> {
        serde_json::from_value(self.ask("names", &ask(role, name.into(), 0))).expect("names")
    }

    /// Names of all things of a kind within a named part of the screen.
    pub fn names_within<'a>(&self, part: &str, role: Role, name: impl Into<Named<'a>>) -> Vec<String> {
        let mut ask = ask(role, name.into(), 0);
        ask["within"] = json!(part);
        serde_json::from_value(self.ask("names", &ask)).expect("names")
    }

    /// Words that the page lights up.
    pub fn lit(&self) -> Vec<String> {
        serde_json::from_value(self.ask("marks", &Value::Null)).expect("words")
    }

    /// What a thing says of itself: `value`, `words`, and whether it is `able`, `checked`, `pressed`, `selected`, `expanded`.
    pub fn state<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> Value {
        self.state_nth(role, name, 0)
    }

    pub fn state_nth<'a>(&self, role: Role, name: impl Into<Named<'a>>, nth: u64) -> Value {
        self.ask("state", &ask(role, name.into(), nth))
    }

    /// What can be read in a part of the screen, line by line.
    pub fn read<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> String {
        self.ask("read", &ask(role, name.into(), 0)).as_str().unwrap_or_default().to_owned()
    }

    pub fn value(&self, field: &str) -> String {
        self.state(Role::Field, field)["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Role and name of what has the keyboard.
    pub fn focus(&self) -> Option<(String, String)> {
        let focus = self.ask("focus", &Value::Null);
        Some((focus["role"].as_str()?.to_owned(), focus["name"].as_str()?.to_owned()))
    }

    /// Waits until the keyboard is at a thing whose name begins like this.
    pub fn focuses(&self, name: &str) -> &Self {
        if until(PATIENCE, || self.focus().filter(|(_, focused)| focused.starts_with(name))).is_none() {
            self.fail(&format!("the keyboard never comes to “{name}”, it is at {:?}", self.focus()));
        }
        self
    }

    /// Clicks a control once it is there, enabled and uncovered.
    pub fn click<'a>(&self, name: impl Into<Named<'a>>) -> &Self {
        self.click_nth(Role::Control, name, 0)
    }

    pub fn click_nth<'a>(&self, role: Role, name: impl Into<Named<'a>>, nth: u64) -> &Self {
        let name = name.into();
        let mut last = None;
        let clicked = until(PATIENCE, || {
            let element = self.usable(role, name, nth)?;
            // What moves away between the look and the click is looked for again.
            self.drive(element.click()).map_err(|error| last = Some(error)).ok()
        });
        if clicked.is_none() {
            self.fail(&format!("{role:?} {name:?} cannot be clicked: {last:?}"));
        }
        self
    }

    /// Clicks at the beginning of something that is no control, so that nothing within it is pressed.
    pub fn point_at<'a>(&self, role: Role, name: impl Into<Named<'a>>) -> &Self {
        let name = name.into();
        let Some(element) = until(PATIENCE, || self.usable(role, name, 0)) else {
            self.fail(&format!("{role:?} {name:?} cannot be pointed at"))
        };
        let pointed = self.drive(async {
            let (_, _, width, height) = element.rectangle().await?;
            let (x, y) = (4.0 - width / 2.0, 4.0 - height / 2.0);
            let mouse = MouseActions::new("mouse".to_owned())
                .then(PointerAction::MoveToElement { element, duration: None, x, y })
                .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
                .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
            self.client.perform_actions(mouse).await
        });
        pointed.unwrap_or_else(|error| self.fail(&format!("{role:?} {name:?} cannot be pointed at: {error}")));
        self
    }

    /// Replaces what a field holds by typing.
    pub fn fill(&self, field: &str, text: &str) -> &Self {
        // A panel that is still opening may take the keyboard once more: typing waits until it is at the field.
        let at_field = until(PATIENCE, || {
            self.click_nth(Role::Field, field, 0);
            self.focus().filter(|(_, focused)| focused == field)
        });
        if at_field.is_none() {
            self.fail(&format!("the keyboard does not come to the field “{field}”"));
        }
        if !self.value(field).is_empty() {
            self.chord("Ctrl+A").press("Backspace");
        }
        self.type_in(text);
        if until(PATIENCE, || (self.value(field) == text).then_some(())).is_none() {
            self.fail(&format!("the field “{field}” holds “{}” instead of “{text}”", self.value(field)));
        }
        self
    }

    /// Opens a list of choices and takes one.
    pub fn choose<'a>(&self, field: &str, option: impl Into<Named<'a>>) -> &Self {
        let option = option.into();
        let Some(element) = until(PATIENCE, || self.usable(Role::Field, Named::Is(field), 0)) else {
            self.fail(&format!("there is no field “{field}”"))
        };
        // The system draws a plain list itself, outside of the page.
        if self.drive(element.tag_name()).is_ok_and(|tag| tag.eq_ignore_ascii_case("select")) {
            let Named::Is(label) = option else { self.fail("a plain list is chosen from by whole words") };
            self.drive(element.select_by_label(label)).unwrap_or_else(|error| self.fail(&format!("“{label}” cannot be chosen: {error}")));
            return self;
        }
        self.click_nth(Role::Field, field, 0);
        self.click_nth(Role::Any("option"), option, 0)
    }

    fn usable(&self, role: Role, name: Named<'_>, nth: u64) -> Option<Element> {
        let found = self.ask("usable", &ask(role, name, nth));
        let id = found.get(ELEMENT)?.as_str()?.to_owned();
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id)))
    }

    /// Ends the story with a picture and with all that the page offers.
    pub fn fail(&self, why: &str) -> ! {
        let offered: Vec<String> = serde_json::from_value(self.ask("offered", &Value::Null)).unwrap_or_default();
        let picture = sight::failure(self);
        panic!("{}: {why}\npicture: {picture}\nthe page says:\n{}\nand offers:\n{}", self.story, self.text(), offered.join("\n"));
    }
}

fn ask(role: Role, name: Named<'_>, nth: u64) -> Value {
    let (how, name) = match name {
        Named::Is(name) => ("is", name),
        Named::Starts(name) => ("starts", name),
        Named::Has(name) => ("has", name),
    };
    json!({ "roles": role.names(), "name": name, "how": how, "nth": nth })
}
