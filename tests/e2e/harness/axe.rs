//! axe-core's rules, run on what the window shows.

use serde_json::{Value, json};

use super::Window;

const AXE: &str = include_str!("../../../ui/node_modules/axe-core/axe.min.js");

const RUN: &str = "const done = arguments[0];
axe.run(document, { preload: false, resultTypes: ['violations'] }).then(
  ({ violations }) => done(violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`) }))),
  (error) => done(String(error)),
);";

impl Window {
    /// Rules of accessibility that this screen breaks in a way that keeps people out: `serious` or `critical` in axe's words.
    pub fn barriers(&self) -> Vec<String> {
        let is_there = self.drive(self.client().execute("return typeof axe === 'object'", Vec::new())).unwrap_or_default();
        if is_there != json!(true) {
            let loaded = self.drive(self.client().execute(&format!("{AXE}\nreturn typeof axe"), Vec::new()));
            assert_eq!(loaded.expect("axe-core loads"), json!("object"));
        }
        // What is still fading in has colours that nobody will see.
        self.settles();
        let found = self.drive(self.client().execute_async(RUN, Vec::new())).expect("axe-core runs");
        let Value::Array(found) = found else { panic!("axe-core failed: {found}") };
        found.iter().filter(|one| one["impact"] == "serious" || one["impact"] == "critical").map(Value::to_string).collect()
    }
}
