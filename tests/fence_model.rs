//! The protocol of stops and hand-offs, walked through in every order that is possible: two
//! processes, a call and an email of one debtor, a stop, kills, restarts, and a database that is
//! restored from a backup.
//!
//! The steps have the names of the code: `claim` and `report` of `actions::due_calls`,
//! `authorize` of `actions::authorize`, `record`, `remember`, `drain` and `reconcile` of
//! `actions::stops`. What the model can't show: between looking at the deadline and the first byte
//! there is a moment, which is why a lease (15 s) is longer than a deadline (8 s).
//!
//! Designs that are known to be bad stand beside the real one, and the walk must find what is
//! wrong with each: a model that finds nothing in them would find nothing at all.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that meets the unexpected shall stop and say so"
)]

use stateright::{Checker, HasDiscoveries, Model, Property};

/// How the program is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Design {
    /// Look whether there is a stop, then dial.
    CheckThenDial,
    /// Look and take in one transaction, then dial. A stop waits for nobody.
    ClaimThenDial,
    /// Fence and drain; a stop waits for a lease at most. The sender does not look at its clock.
    NoDeadline,
    /// As the real one, but a stop believes that a lease is over when its own wall clock says so.
    LeaseByWallClock,
    /// As the real one, but a sender is given up as soon as a lease is over by somebody's clock.
    GivenUpByWallClock,
    /// As the real one, but what nobody knows the fate of is tried again.
    RepeatUnknown,
    /// As the real one, but a stop is acknowledged before it is in the journal.
    AcknowledgeBeforeJournal,
    /// As the real one, but a process dials before it has compared the journal.
    DialBeforeComparing,
    Real,
}

const BAD: [(Design, &str); 8] = [
    (Design::CheckThenDial, LATE),
    (Design::ClaimThenDial, LATE),
    (Design::NoDeadline, LATE),
    (Design::LeaseByWallClock, LATE),
    (Design::GivenUpByWallClock, LATE),
    (Design::RepeatUnknown, TWICE),
    (Design::AcknowledgeBeforeJournal, LATE),
    (Design::DialBeforeComparing, LATE),
];

const LATE: &str = "nothing is handed over after a stop is acknowledged";
const TWICE: &str = "nothing is handed over twice";
const FENCED: &str = "what is permitted stands in the database as starting or given up";

/// How often a process is killed; a restore needs both of them dead.
const KILLS: u8 = 2;

/// Two processes, and the worker of each.
const PROCESSES: usize = 2;
/// A planned call, and a step of a series of emails.
const ITEMS: usize = 2;
const CALL: usize = 0;

/// What the database says of a call or a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    Planned,
    Claimed(usize),
    /// An attempt with its sender, and whether its lease is over by the wall clock.
    Starting {
        by: usize,
        lease_ended: bool,
    },
    Started,
    Failed,
    Unknown,
    Cancelled,
}

/// What a worker is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Idle,
    /// It has claimed this, or looked for a stop in vain.
    Holding(usize),
    /// It has a permit.
    Permitted {
        item: usize,
        /// Its own monotonic clock says that it is too late.
        too_late: bool,
    },
    /// It has handed over and not reported yet; or found that it was too late.
    Ended {
        item: usize,
        handed_over: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Process {
    alive: bool,
    /// The journal is known to be in the database.
    compared: bool,
    worker: Step,
}

/// How far the debtor's request has come. The first process takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Stop {
    NotAsked,
    /// In the database.
    Recorded,
    /// In the journal as well.
    Remembered {
        /// As long ago, by a monotonic clock, as the longest permit lasts.
        waited: bool,
    },
    Acknowledged,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    /// The debtor's flags.
    stopped: bool,
    items: [Item; ITEMS],
    /// The file beside the database.
    journal: bool,
    processes: [Process; PROCESSES],
    stop: Stop,
    handed_over: [u8; ITEMS],
    /// Something was handed over after the acknowledgement.
    late: bool,
    kills_left: u8,
    restores_left: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Claim { process: usize, item: usize },
    ClaimEnds { item: usize },
    Authorize { process: usize },
    DeadlinePasses { process: usize },
    HandOver { process: usize },
    Report { process: usize },
    LeaseEnds { item: usize },
    GiveUpOverdue { item: usize },
    Record,
    Remember,
    LongestPermitPasses,
    Drain,
    Dies { process: usize },
    Restarts { process: usize },
    Reconcile { process: usize },
    RestoreBackup,
}

struct Protocol {
    design: Design,
    kills: u8,
    restores: u8,
}

impl Protocol {
    fn has_fence(&self) -> bool {
        !matches!(self.design, Design::CheckThenDial | Design::ClaimThenDial)
    }

    /// A lease may be over by one clock while it lasts by another: clocks differ, and are set.
    fn clocks_agree(&self) -> bool {
        self.design == Design::NoDeadline
    }

    fn may_acknowledge(&self, state: &State) -> bool {
        match (self.design, state.stop) {
            (Design::CheckThenDial | Design::ClaimThenDial, Stop::Remembered { .. })
            | (Design::AcknowledgeBeforeJournal, Stop::Recorded) => true,
            (_, Stop::Remembered { waited }) => {
                waited || state.items.iter().all(|item| !self.keeps_waiting(*item))
            }
            _ => false,
        }
    }

    fn keeps_waiting(&self, item: Item) -> bool {
        let by_wall = matches!(self.design, Design::NoDeadline | Design::LeaseByWallClock);
        match item {
            Item::Starting { lease_ended, .. } => !(by_wall && lease_ended),
            _ => false,
        }
    }

    /// A sender is given up only when its lease is over by any clock: a minute of grace is more
    /// than clocks differ.
    fn may_give_up(&self, state: &State, item: usize) -> bool {
        let Item::Starting { by, lease_ended } = state.items[item] else {
            return false;
        };
        lease_ended && (self.design == Design::GivenUpByWallClock || !holds(state, by, item))
    }

    /// The transaction that decides and takes. False when there is nothing to take any more.
    fn take(&self, state: &mut State, process: usize, item: usize) -> bool {
        let free = match state.items[item] {
            Item::Claimed(by) if item == CALL => by == process,
            // A step is taken by its attempt: whoever comes first.
            Item::Planned | Item::Claimed(_) => item != CALL,
            _ => false,
        };
        if free {
            state.items[item] = Item::Starting {
                by: process,
                lease_ended: false,
            };
        }
        free
    }
}

/// Whether this process still has a permit for it that is not too late.
fn holds(state: &State, process: usize, item: usize) -> bool {
    state.processes[process].worker
        == Step::Permitted {
            item,
            too_late: false,
        }
}

fn cancel_planned(items: &mut [Item; ITEMS]) {
    for item in items {
        if matches!(item, Item::Planned | Item::Claimed(_)) {
            *item = Item::Cancelled;
        }
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            stopped: false,
            items: [Item::Planned; ITEMS],
            journal: false,
            processes: [Process {
                alive: true,
                compared: true,
                worker: Step::Idle,
            }; PROCESSES],
            stop: Stop::NotAsked,
            handed_over: [0; ITEMS],
            late: false,
            kills_left: self.kills,
            restores_left: self.restores,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        use Action as A;
        for (process, of) in state.processes.iter().enumerate() {
            if !of.alive {
                actions.push(A::Restarts { process });
                continue;
            }
            if state.kills_left > 0 {
                actions.push(A::Dies { process });
            }
            if !of.compared {
                actions.push(A::Reconcile { process });
            }
            match of.worker {
                Step::Idle if of.compared || self.design == Design::DialBeforeComparing => {
                    actions.extend((0..ITEMS).map(|item| A::Claim { process, item }));
                }
                Step::Idle => {}
                Step::Holding(_) => actions.push(A::Authorize { process }),
                Step::Permitted { too_late, .. } => {
                    actions.push(A::HandOver { process });
                    if !too_late {
                        actions.push(A::DeadlinePasses { process });
                    }
                }
                Step::Ended { .. } => actions.push(A::Report { process }),
            }
        }
        for item in 0..ITEMS {
            actions.push(A::ClaimEnds { item });
            actions.push(A::LeaseEnds { item });
            actions.push(A::GiveUpOverdue { item });
        }
        actions.extend([A::Record, A::Remember, A::LongestPermitPasses, A::Drain]);
        actions.push(A::RestoreBackup);
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        use Action as A;
        let mut state = last.clone();
        match action {
            A::Claim { process, item } => {
                if state.items[item] != Item::Planned {
                    return None;
                }
                // Who only looks leaves it for others to take as well.
                if self.design != Design::CheckThenDial {
                    state.items[item] = Item::Claimed(process);
                }
                state.processes[process].worker = Step::Holding(item);
            }
            A::ClaimEnds { item } => {
                let Item::Claimed(_) = state.items[item] else {
                    return None;
                };
                state.items[item] = Item::Planned;
            }
            A::Authorize { process } => {
                let Step::Holding(item) = state.processes[process].worker else {
                    return None;
                };
                let permitted = !state.stopped
                    && (self.design == Design::CheckThenDial
                        || self.take(&mut state, process, item));
                state.processes[process].worker = if permitted {
                    Step::Permitted {
                        item,
                        too_late: false,
                    }
                } else {
                    Step::Idle
                };
            }
            A::DeadlinePasses { process } => {
                let Step::Permitted { item, .. } = state.processes[process].worker else {
                    return None;
                };
                state.processes[process].worker = Step::Permitted {
                    item,
                    too_late: true,
                };
            }
            A::HandOver { process } => {
                let Step::Permitted { item, too_late } = state.processes[process].worker else {
                    return None;
                };
                let looks = self.has_fence() && self.design != Design::NoDeadline;
                let handed_over = !(looks && too_late);
                if handed_over {
                    // More than twice is no worse.
                    state.handed_over[item] = (state.handed_over[item] + 1).min(2);
                    state.late |= state.stop == Stop::Acknowledged;
                }
                state.processes[process].worker = Step::Ended { item, handed_over };
            }
            A::Report { process } => {
                let Step::Ended { item, handed_over } = state.processes[process].worker else {
                    return None;
                };
                let mine = matches!(state.items[item], Item::Starting { by, .. } if by == process);
                if mine || self.design == Design::CheckThenDial {
                    state.items[item] = match (handed_over, state.stopped) {
                        (true, _) => Item::Started,
                        // An email that certainly did not go out waits for half an hour.
                        (false, false) if item != CALL => Item::Planned,
                        (false, true) if item != CALL => Item::Cancelled,
                        (false, _) => Item::Failed,
                    };
                }
                state.processes[process].worker = Step::Idle;
            }
            A::LeaseEnds { item } => {
                let Item::Starting {
                    by,
                    lease_ended: false,
                } = state.items[item]
                else {
                    return None;
                };
                if self.clocks_agree() && holds(&state, by, item) {
                    return None;
                }
                state.items[item] = Item::Starting {
                    by,
                    lease_ended: true,
                };
            }
            A::GiveUpOverdue { item } => {
                if !self.may_give_up(&state, item) {
                    return None;
                }
                state.items[item] = if self.design == Design::RepeatUnknown && !state.stopped {
                    Item::Planned
                } else {
                    Item::Unknown
                };
            }
            A::Record => {
                if state.stop != Stop::NotAsked || !state.processes[0].alive {
                    return None;
                }
                state.stopped = true;
                cancel_planned(&mut state.items);
                state.stop = Stop::Recorded;
            }
            A::Remember => {
                if state.stop != Stop::Recorded {
                    return None;
                }
                state.journal = true;
                state.stop = Stop::Remembered { waited: false };
            }
            A::LongestPermitPasses => {
                let everybody_is_late = (0..PROCESSES)
                    .all(|process| (0..ITEMS).all(|item| !holds(&state, process, item)));
                if state.stop != (Stop::Remembered { waited: false }) || !everybody_is_late {
                    return None;
                }
                state.stop = Stop::Remembered { waited: true };
            }
            A::Drain => {
                if !self.may_acknowledge(&state) {
                    return None;
                }
                state.stop = Stop::Acknowledged;
            }
            A::Dies { process } => {
                state.kills_left -= 1;
                state.processes[process] = Process {
                    alive: false,
                    compared: false,
                    worker: Step::Idle,
                };
                // Nobody was told; the debtor may ask again.
                if process == 0 && state.stop != Stop::Acknowledged {
                    state.stop = Stop::NotAsked;
                }
            }
            A::Restarts { process } => {
                state.processes[process].alive = true;
                state.processes[process].compared = !state.journal;
            }
            A::Reconcile { process } => {
                if state.journal && !state.stopped {
                    state.stopped = true;
                    cancel_planned(&mut state.items);
                }
                state.processes[process].compared = true;
            }
            A::RestoreBackup => {
                let all_ended = state.processes.iter().all(|process| !process.alive);
                if !all_ended || state.restores_left == 0 {
                    return None;
                }
                state.restores_left -= 1;
                state.stopped = false;
                // What was sent after the backup the fence can't know: that is counted anew.
                state.items = [Item::Planned; ITEMS];
                state.handed_over = [0; ITEMS];
            }
        }
        (state != *last).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(LATE, |_, state: &State| !state.late),
            Property::always(TWICE, |_, state: &State| {
                state.handed_over.iter().all(|times| *times <= 1)
            }),
            Property::always(FENCED, |protocol: &Self, state: &State| {
                !protocol.has_fence() || is_fenced(state)
            }),
            Property::sometimes("a call and an email go out", |_, state: &State| {
                state.handed_over == [1; ITEMS]
            }),
            Property::sometimes("a stop is acknowledged", |_, state: &State| {
                state.stop == Stop::Acknowledged
            }),
            Property::sometimes("a stop overtakes a sender", |_, state: &State| {
                state.stop == Stop::Acknowledged && state.items.contains(&Item::Cancelled)
            }),
            Property::sometimes("a sender is given up", |_, state: &State| {
                state.items.contains(&Item::Unknown)
            }),
        ]
    }
}

/// A permit that is in time belongs to an attempt of its sender that is starting.
fn is_fenced(state: &State) -> bool {
    (0..PROCESSES).all(|process| {
        (0..ITEMS).all(|item| {
            !holds(state, process, item)
                || matches!(state.items[item], Item::Starting { by, .. } if by == process)
        })
    })
}

/// Walks through everything, or as far as the first breach of `property`; returns how many states
/// there are, and which of the promises do not hold.
fn walk(
    design: Design,
    kills: u8,
    restores: u8,
    property: Option<&'static str>,
) -> (usize, Vec<&'static str>) {
    let protocol = Protocol {
        design,
        kills,
        restores,
    };
    let checker = protocol.checker().threads(2);
    let checker = match property {
        None => checker,
        Some(property) => checker.finish_when(HasDiscoveries::AnyOf([property].into())),
    };
    let walked = checker.spawn_bfs().join();
    let broken = [LATE, TWICE, FENCED]
        .into_iter()
        .filter(|property| walked.discovery(property).is_some())
        .collect();
    (walked.unique_state_count(), broken)
}

#[test]
fn the_protocol_holds_in_every_order_there_is() {
    let protocol = Protocol {
        design: Design::Real,
        kills: KILLS,
        restores: 1,
    };
    let walked = protocol.checker().threads(2).spawn_bfs().join();
    println!("{} states", walked.unique_state_count());
    walked.assert_properties();
    assert!(walked.unique_state_count() > 1_000);
}

#[test]
fn every_design_that_is_known_to_be_bad_is_found_out() {
    for (design, property) in BAD {
        let (states, broken) = walk(design, KILLS, 1, Some(property));
        println!("{design:?}: {states} states, broken: {broken:?}");
        assert!(broken.contains(&property), "{design:?}: {broken:?}");
    }
}

/// Without kills and restores, so that each design falls by its own fault.
#[test]
fn the_races_alone_suffice_for_the_first_five() {
    for (design, property) in &BAD[..5] {
        let (_, broken) = walk(*design, 0, 0, Some(property));
        assert!(broken.contains(property), "{design:?}: {broken:?}");
    }
    assert_eq!(walk(Design::Real, 0, 0, None).1, Vec::<&str>::new());
}
