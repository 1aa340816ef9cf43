//! The local end of the tunnel: a Unix socket only this process's user can reach, at which libpq
//! finds what it takes for a server without TLS.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::dial::Dialler;
use super::relay;

/// Listens until it is dropped. Connections that stand then go on until either side ends them.
#[derive(Debug)]
pub(super) struct Tunnel {
    socket: PrivateSocket,
    closing: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Tunnel {
    pub(super) fn open(dialler: Dialler) -> io::Result<Self> {
        let (socket, listener) = PrivateSocket::bind(dialler.line.server.port)?;
        let closing = Arc::new(AtomicBool::new(false));
        let accept = {
            let closing = Arc::clone(&closing);
            let dialler = Arc::new(dialler);
            move || accept(&listener, &closing, &dialler)
        };
        let listener = thread::Builder::new()
            .name(format!("pg-tls {}", socket.port))
            .spawn(accept)?;
        Ok(Self {
            socket,
            closing,
            listener: Some(listener),
        })
    }

    /// What libpq takes as `host`.
    pub(super) fn directory(&self) -> &Path {
        &self.socket.directory
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // The listener sees the mark when it is woken. Where it cannot be (the socket was taken
        // away from outside) it is left to sleep until the process ends.
        if UnixStream::connect(self.socket.path()).is_ok()
            && let Some(listener) = self.listener.take()
        {
            let _ = listener.join();
        }
    }
}

fn accept(listener: &UnixListener, closing: &AtomicBool, dialler: &Arc<Dialler>) {
    for client in listener.incoming() {
        if closing.load(Ordering::SeqCst) {
            return;
        }
        let served = client.and_then(|client| {
            let dialler = Arc::clone(dialler);
            thread::Builder::new()
                .name(format!("pg-down {}", dialler.line.server.port))
                .spawn(move || relay::serve(&client, &dialler))
        });
        if let Err(error) = served {
            tracing::warn!(%error, "a database connection could not be taken up");
            // Out of descriptors or threads: the next try would fail the same way at once.
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A directory of mode 0700 with the socket in it. Both are removed on drop.
#[derive(Debug)]
struct PrivateSocket {
    directory: PathBuf,
    port: u16,
}

impl PrivateSocket {
    /// A socket's path may have some hundred bytes only, so `/tmp` stands in for a directory for
    /// temporary files that lies too deep.
    fn bind(port: u16) -> io::Result<(Self, UnixListener)> {
        Self::bind_in(&std::env::temp_dir(), port)
            .or_else(|first| Self::bind_in(Path::new("/tmp"), port).map_err(|_| first))
    }

    fn bind_in(parent: &Path, port: u16) -> io::Result<(Self, UnixListener)> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let name = format!("forbear-pg-{:016x}", u64::from_ne_bytes(random));
        let directory = parent.join(name);
        // Fails where the name is taken already, by whatever.
        DirBuilder::new().mode(0o700).create(&directory)?;
        let socket = Self { directory, port };
        let listener = UnixListener::bind(socket.path())?;
        Ok((socket, listener))
    }

    /// The name libpq looks for in a directory given as `host`.
    fn path(&self) -> PathBuf {
        self.directory.join(format!(".s.PGSQL.{}", self.port))
    }
}

impl Drop for PrivateSocket {
    fn drop(&mut self) {
        // What is gone already needs no removal, and nobody is left to be told of the rest.
        let _ = fs::remove_file(self.path());
        let _ = fs::remove_dir(&self.directory);
    }
}
