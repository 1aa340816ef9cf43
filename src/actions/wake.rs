//! Tells the workers that there may be something to do, without their having to ask all the time.

use std::sync::Arc;

use tokio::sync::watch;

/// A bell that workers listen for. Ringing it too often does no harm; the workers also look by
/// themselves now and then, since another process may have made the work.
#[derive(Debug, Clone)]
pub struct Wake(Arc<watch::Sender<()>>);

impl Default for Wake {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(())))
    }
}

impl Wake {
    pub fn ring(&self) {
        self.0.send_replace(());
    }

    /// An ear of one's own: what rings while its owner is busy is not missed.
    pub fn listen(&self) -> Bell {
        Bell(self.0.subscribe())
    }
}

/// Hears every ring since the last time it was asked.
#[derive(Debug)]
pub struct Bell(watch::Receiver<()>);

impl Bell {
    /// Waits for a ring; at once if there was one meanwhile.
    pub async fn rung(&mut self) {
        if self.0.changed().await.is_err() {
            // Nobody is left who could ring.
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::Wake;

    #[actix_web::test]
    async fn every_listener_hears_a_ring_even_one_that_was_busy() {
        let wake = Wake::default();
        let (mut one, mut other) = (wake.listen(), wake.listen());
        assert!(one.rung().now_or_never().is_none());
        wake.ring();
        wake.ring();
        assert!(one.rung().now_or_never().is_some());
        assert!(other.rung().now_or_never().is_some());
        assert!(other.rung().now_or_never().is_none());
    }
}
