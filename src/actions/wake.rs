//! Tells the workers that there may be something to do, without their having to ask all the time.

use std::sync::Arc;

use tokio::sync::Notify;

/// A bell that workers wait for. Ringing it too often does no harm; the workers also look by
/// themselves now and then, since another process may have made the work.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    pub fn ring(&self) {
        self.0.notify_waiters();
        self.0.notify_one();
    }

    pub async fn wait(&self) {
        self.0.notified().await;
    }
}
