//! What can be reached: the folders and files that were named when the server was started, and nothing else.

use std::path::{Component, Path, PathBuf};

use crate::error::Error;

/// The folders and files that may be read.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    /// Canonical, each with the name under which its content is told.
    roots: Vec<Root>,
}

#[derive(Clone, Debug)]
struct Root {
    path: PathBuf,
    /// As it was given: a path below it is meant, whatever links lead to it.
    given: PathBuf,
    is_folder: bool,
}

/// Entries of a folder that is a source itself, looked at for links that lead out.
const MOST_ENTRIES: usize = 50_000;

impl Allowed {
    /// The folders and files of these names.
    ///
    /// # Errors
    /// A path that does not exist, or an address.
    pub fn new<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Allowed, Error> {
        let mut roots = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let shown = path.display().to_string();
            if shown.contains("://") {
                return Err(Error::Refused { source_name: shown, why: "no address is opened" });
            }
            let canonical = path
                .canonicalize()
                .map_err(|error| Error::input(format!("expected a folder or a file: {shown}: {error}")))?;
            // a bundle is one source, whatever lies in it
            let is_folder = canonical.is_dir() && !canonical.join("world.json").is_file();
            let given = std::path::absolute(path).unwrap_or_else(|_| canonical.clone());
            roots.push(Root { path: canonical, given, is_folder });
        }
        roots.dedup_by(|a, b| a.path == b.path);
        Ok(Allowed { roots })
    }

    /// The roots, canonical, in the order given; true: a folder with sources in it.
    pub fn roots(&self) -> impl Iterator<Item = (&Path, bool)> {
        self.roots.iter().map(|root| (root.path.as_path(), root.is_folder))
    }

    /// Whether a canonical path lies in what may be read.
    pub fn holds(&self, canonical: &Path) -> bool {
        self.roots.iter().any(|root| canonical.starts_with(&root.path))
    }

    /// The name under which a path is told: relative to its folder where that is not ambiguous, else whole.
    pub fn name_of(&self, canonical: &Path) -> String {
        for root in &self.roots {
            if canonical == root.path && !root.is_folder {
                return file_name(canonical);
            }
            if let Ok(rest) = canonical.strip_prefix(&root.path)
                && !rest.as_os_str().is_empty()
            {
                return rest.display().to_string();
            }
        }
        canonical.display().to_string()
    }

    /// The canonical path of a source, given by its name, relative to one of the folders, or whole.
    ///
    /// # Errors
    /// [`Error::Refused`]: an address, `..`, a path outside, a link that leads out. [`Error::Input`]: nothing there. A refusal does not say
    /// what lies outside.
    pub fn resolve(&self, source: &str) -> Result<PathBuf, Error> {
        let refused = |why| Error::Refused { source_name: shortened(source), why };
        if source.trim().is_empty() {
            return Err(Error::argument("source", "the name of a source", "nothing"));
        }
        if source.contains("://") {
            return Err(refused("no address is opened"));
        }
        if source.contains('\0') || source.len() > 4096 {
            return Err(refused("that is no path"));
        }
        let given = Path::new(source);
        if given.components().any(|part| part == Component::ParentDir) {
            return Err(refused("`..` leads out of the folders that were named"));
        }
        let outside = "it lies outside of the folders that were named when the server was started";
        let candidates: Vec<PathBuf> = if given.is_absolute() {
            // told alike whether it exists or not
            let is_below = |root: &Root| given.starts_with(&root.path) || given.starts_with(&root.given);
            let inside = self.roots.iter().any(is_below);
            if !inside {
                return Err(refused(outside));
            }
            vec![given.to_owned()]
        } else {
            self.roots
                .iter()
                .map(|root| {
                    let is_itself = !root.is_folder && file_name(&root.path) == source;
                    if is_itself { root.path.clone() } else { root.path.join(given) }
                })
                .collect()
        };
        let found = candidates.into_iter().find_map(|path| path.canonicalize().ok());
        let Some(canonical) = found else {
            return Err(Error::input(format!("nothing of that name is here: {}", shortened(source)))
                .remedy("list_sources names what can be reached"));
        };
        if !self.holds(&canonical) {
            return Err(refused("it is a link that leads out of the folders that were named"));
        }
        if !canonical.is_file() && !canonical.is_dir() {
            // a pipe or a device would hold whoever opens it
            return Err(refused("it is neither a file nor a folder"));
        }
        Ok(canonical)
    }

    /// Looks at a source that is about to be opened: nothing in it may lead out.
    ///
    /// # Errors
    /// [`Error::Refused`]: a link that does, or more entries than are looked at.
    pub fn vet(&self, canonical: &Path, source: &str) -> Result<(), Error> {
        if canonical.is_dir() && !self.leads_nowhere_else(canonical) {
            let why = "something in it is a link that leads out of the folders that were named, or it holds too much";
            return Err(Error::Refused { source_name: shortened(source), why });
        }
        Ok(())
    }

    /// Whether no link in a folder leads out.
    fn leads_nowhere_else(&self, folder: &Path) -> bool {
        let mut folders = vec![folder.to_owned()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                seen += 1;
                if seen > MOST_ENTRIES {
                    return false;
                }
                let Ok(kind) = entry.file_type() else { return false };
                if kind.is_symlink() {
                    match entry.path().canonicalize() {
                        Ok(path) if !self.holds(&path) => return false,
                        _ => {}
                    }
                } else if kind.is_dir() {
                    folders.push(entry.path());
                }
            }
        }
        true
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What a caller gave, short enough to be told back.
fn shortened(source: &str) -> String {
    source.chars().take(120).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tool::scratch::Folder;

    fn refusal(allowed: &Allowed, source: &str) -> String {
        allowed.resolve(source).expect_err(source).to_string()
    }

    #[test]
    fn what_was_named_is_found_by_name_and_by_path() {
        let folder = Folder::new();
        let file = folder.file("in/a.world.txt", "record \"a\"\n");
        let allowed = Allowed::new([folder.path("in")]).expect("it exists");
        assert_eq!(allowed.resolve("a.world.txt"), Ok(file.clone()));
        assert_eq!(allowed.resolve(&file.display().to_string()), Ok(file.clone()));
        assert_eq!(allowed.name_of(&file), "a.world.txt");
        let alone = Allowed::new([&file]).expect("it exists");
        assert_eq!(alone.resolve("a.world.txt"), Ok(file));
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        let folder = Folder::new();
        let secret = folder.file("secret.world.txt", "record \"b\"\n");
        folder.file("in/a.world.txt", "record \"a\"\n");
        let allowed = Allowed::new([folder.path("in")]).expect("it exists");
        assert!(refusal(&allowed, "../secret.world.txt").contains("`..`"));
        assert!(refusal(&allowed, "a/../../secret.world.txt").contains("`..`"));
        // whether something is there is not told
        let there = refusal(&allowed, &secret.display().to_string());
        let not = refusal(&allowed, &folder.path("nothing.world.txt").display().to_string());
        assert!(there.contains("outside") && not.contains("outside"), "{there} {not}");
        for address in ["http://169.254.169.254/latest", "rtsp://10.0.0.1/", "file:///etc/passwd"] {
            assert!(refusal(&allowed, address).contains("address"), "{address}");
        }
        assert!(refusal(&allowed, "a\0b").contains("no path"));
        assert!(refusal(&allowed, "").contains("nothing"));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_refused_also_inside_of_a_source() {
        let folder = Folder::new();
        let secret = folder.file("secret.txt", "s");
        folder.file("in/b.world/world.json", "{}");
        std::os::unix::fs::symlink(&secret, folder.path("in/link.world.txt")).expect("a link");
        std::os::unix::fs::symlink(&secret, folder.path("in/b.world/part")).expect("a link");
        std::os::unix::fs::symlink(folder.path("in/b.world/world.json"), folder.path("in/ok.json"))
            .expect("a link");
        let allowed = Allowed::new([folder.path("in")]).expect("it exists");
        assert!(refusal(&allowed, "link.world.txt").contains("link"));
        let bundle = allowed.resolve("b.world").expect("the folder itself is inside");
        let vetted = allowed.vet(&bundle, "b.world").expect_err("a part of it is not").to_string();
        assert!(vetted.contains("something in it"), "{vetted}");
        assert!(allowed.resolve("ok.json").is_ok(), "a link that stays inside is none to refuse");
    }
}
