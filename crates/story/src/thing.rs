//! The names of a story and their numbers.

use std::collections::HashMap;

/// A thing, person or place of a story, by the order in which the story names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThingId(pub u32);

/// The names, each once.
#[derive(Clone, Debug, Default)]
pub struct Things {
    names: Vec<String>,
    by_key: HashMap<String, ThingId>,
}

impl Things {
    /// The number of a name; letters' case does not tell names apart.
    pub fn of(&mut self, name: &str) -> ThingId {
        let key = key(name);
        if let Some(&id) = self.by_key.get(&key) {
            // a capital at the beginning of a sentence is no part of a name that is written small elsewhere
            if name.starts_with(char::is_lowercase) {
                name.clone_into(&mut self.names[id.0 as usize]);
            }
            return id;
        }
        let id = ThingId(self.names.len() as u32);
        self.names.push(name.to_owned());
        self.by_key.insert(key, id);
        id
    }

    /// The number of a name that the story holds.
    pub fn find(&self, name: &str) -> Option<ThingId> {
        self.by_key.get(&key(name)).copied()
    }

    /// The name as first written.
    pub fn name(&self, id: ThingId) -> &str {
        self.names.get(id.0 as usize).map_or("", String::as_str)
    }

    /// Drops the names from number `known` on: those of a sentence that turned out not to be read.
    pub(super) fn forget(&mut self, known: usize) {
        for name in self.names.drain(known.min(self.names.len())..) {
            self.by_key.remove(&key(&name));
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All, ascending.
    pub fn ids(&self) -> impl Iterator<Item = ThingId> {
        (0..self.names.len() as u32).map(ThingId)
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}
