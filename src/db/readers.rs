//! The threads on which pages read.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::Kind;

/// An idle thread is kept this long, and with it what its connection has in memory.
const KEPT: Duration = Duration::from_secs(600);

/// Takes up work in the order in which it comes, no more at once than can make headway. Where
/// everybody starts at once instead, the unlucky wait several times as long as the others.
#[derive(Clone)]
pub(super) struct Readers(Arc<Pool>);

/// The blocking threads of a runtime that does nothing else; none if it could not be made.
struct Pool(Option<Runtime>);

impl Readers {
    pub(super) fn new(kind: Kind, connections: u32) -> Self {
        let connections = usize::try_from(connections).unwrap_or(1).max(1);
        let threads = match kind {
            // SQLite works on our own cores: more at once only take them from each other. One more
            // than cores, for whoever waits for the disk.
            Kind::Sqlite => available_parallelism().map_or(2, usize::from) + 1,
            Kind::Postgres => connections,
        };
        let made = Builder::new_current_thread()
            .max_blocking_threads(threads.min(connections))
            .thread_keep_alive(KEPT)
            .thread_name("reader")
            .build();
        if let Err(error) = &made {
            tracing::warn!(%error, "there are no threads for reading: pages share all others");
        }
        Self(Arc::new(Pool(made.ok())))
    }

    pub(super) fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> JoinHandle<T> {
        match &self.0.0 {
            Some(runtime) => runtime.handle().spawn_blocking(work),
            None => tokio::task::spawn_blocking(work),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Waiting for its threads, as a runtime does of itself, is not allowed on an async thread.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[actix_web::test]
    async fn work_is_taken_up_in_order_and_no_more_at_once_than_there_are_threads() {
        let readers = Readers::new(Kind::Postgres, 1);
        let (told, order) = mpsc::channel();
        let (go, wait) = mpsc::channel::<()>();
        let first = readers.run(move || wait.recv());
        let rest: Vec<_> = (0..20)
            .map(|place| {
                let told = told.clone();
                readers.run(move || told.send(place))
            })
            .collect();
        assert!(order.recv_timeout(Duration::from_millis(50)).is_err());
        go.send(()).unwrap();
        first.await.unwrap().unwrap();
        for work in rest {
            work.await.unwrap().unwrap();
        }
        drop(told);
        assert!(order.iter().eq(0..20));
    }

    #[actix_web::test]
    async fn a_reader_that_panics_takes_up_other_work() {
        let readers = Readers::new(Kind::Postgres, 1);
        assert!(readers.run(|| panic!("a fault")).await.is_err());
        assert_eq!(readers.run(|| 1).await.unwrap(), 1);
    }
}
