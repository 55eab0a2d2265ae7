//! Runs calls: so many at a time, none for longer than it may, each until its caller goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Map, Value as Json};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::control::Control;
use crate::desk::Desk;
use crate::error::Error;
use crate::reply::Reply;
use crate::tool;

/// Runs the tools of a desk. Cheap to clone; clones share limits and Worlds.
#[derive(Clone)]
pub struct Calls {
    desk: Arc<Desk>,
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// Ends a call whose caller no longer waits.
struct EndsOnDrop(Control);

impl Drop for EndsOnDrop {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// One more that waits, until dropped.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Calls {
    /// For the tools of a desk.
    pub fn new(desk: Arc<Desk>) -> Calls {
        let places = Arc::new(Semaphore::new(desk.limits.at_once.get()));
        Calls { desk, places, waiting: Arc::default() }
    }

    /// What the tools share.
    pub fn desk(&self) -> &Arc<Desk> {
        &self.desk
    }

    /// Calls a tool. Dropping the future ends the call.
    ///
    /// # Errors
    /// As the tool says; a limit; a fault of the program, which ends this call alone.
    pub async fn call(
        &self,
        name: &str,
        arguments: Map<String, Json>,
        control: Control,
    ) -> Result<Reply, Error> {
        let tool = tool::by_name(name).filter(|tool| !tool.writes() || self.desk.write);
        let Some(tool) = tool else {
            let names: Vec<&str> = tool::offered(&self.desk).map(|tool| tool.name()).collect();
            return Err(Error::Unknown {
                expected: format!("a tool ({})", names.join(", ")),
                found: name.chars().take(60).collect(),
            });
        };
        let desk = Arc::clone(&self.desk);
        self.run(control, move |control| tool::checked(tool, &desk, &arguments, control)).await
    }

    /// Runs any work under the same limits.
    ///
    /// # Errors
    /// As the work says; a limit; a fault of the program.
    pub async fn run<T: Send + 'static>(
        &self,
        control: Control,
        work: impl FnOnce(&Control) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let limits = &self.desk.limits;
        let most = limits.time;
        let place = if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            place
        } else {
            if self.waiting.fetch_add(1, Ordering::Relaxed) >= limits.waiting {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                let most = format!("{} that wait", limits.waiting);
                return Err(Error::Limit { what: "calls at a time", most });
            }
            let _waits = Waits(&self.waiting);
            match timeout(most, Arc::clone(&self.places).acquire_owned()).await {
                Ok(Ok(place)) => place,
                _ => return Err(too_long(most)),
            }
        };
        let ends = EndsOnDrop(control.clone());
        // the place is given back when the work ends, not when its caller no longer waits
        let mut running = spawn_blocking(move || {
            let _place = place;
            work(&control)
        });
        let mut waited = Duration::ZERO;
        loop {
            match timeout(most, &mut running).await {
                Ok(Ok(came)) => return came,
                Ok(Err(_panicked)) => {
                    let text =
                        "the program failed at this call; this is a fault of the program, please report it";
                    return Err(Error::input(text));
                }
                Err(_) => waited += most,
            }
            let most = if ends.0.is_long() { limits.watch_time } else { most };
            if waited >= most {
                return Err(too_long(most));
            }
        }
    }

    /// Waits until what runs has ended, for so long at most; nothing that is written is lost.
    pub async fn settle(&self, most: Duration) {
        let all = u32::try_from(self.desk.limits.at_once.get()).unwrap_or(u32::MAX);
        timeout(most, self.places.acquire_many(all)).await.ok();
    }
}

fn too_long(most: Duration) -> Error {
    Error::Limit { what: "time of a call", most: format!("{} s", most.as_secs_f64()) }
}
