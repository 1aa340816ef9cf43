//! A line to a server that can be cut: a loopback port that passes everything on, or nothing.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Passes on until it is cut or dropped.
pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    cut: AtomicBool,
    done: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Line {
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.done.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(inside) = stream else { continue };
                // Cut: whoever comes is turned away.
                if shared.cut.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(outside) = TcpStream::connect(server) else {
                    continue;
                };
                let mut open = shared.open.lock().unwrap();
                open.push(inside.try_clone().unwrap());
                open.push(outside.try_clone().unwrap());
                drop(open);
                let back = (outside.try_clone().unwrap(), inside.try_clone().unwrap());
                thread::spawn(move || pass(inside, outside));
                thread::spawn(move || pass(back.0, back.1));
            }
        });
        Self { address, state }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Breaks every connection, and turns away new ones.
    pub fn cut(&self) {
        self.state.cut.store(true, Ordering::SeqCst);
        self.break_all();
    }

    pub fn mend(&self) {
        self.state.cut.store(false, Ordering::SeqCst);
    }

    fn break_all(&self) {
        for stream in self.state.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.state.done.store(true, Ordering::SeqCst);
        self.break_all();
        let _ = TcpStream::connect(self.address);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0_u8; 8192];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
