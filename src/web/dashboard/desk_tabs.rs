//! The tabs of the compliance desk with what waits behind them.

use crate::db::DbConn;
use crate::error::AppResult;
use crate::store::{Scope, alert_list, tasks};
use crate::web::view::compliance;
use crate::web::view::part::Tab;

/// How much waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    alerts: u64,
    tasks: u64,
}

pub fn open(conn: &mut DbConn, scope: Scope) -> AppResult<Open> {
    let active = alert_list::Filter {
        status: Some("active".to_owned()),
        ..Default::default()
    };
    let open_tasks = tasks::Filter {
        status: Some("open".to_owned()),
        ..Default::default()
    };
    Ok(Open {
        alerts: alert_list::total(conn, scope, &active)?,
        tasks: tasks::total(conn, scope, &open_tasks)?,
    })
}

impl Open {
    pub fn tabs(self, current: &str) -> Vec<Tab> {
        compliance::tabs(current, self.alerts, self.tasks)
    }
}
