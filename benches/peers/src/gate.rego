# The same rules in Rego, on the facts as they are: it reads the clocks and counts the history itself. Which zones a person may
# be in is handed to it ready, for Rego has no table of ZIP codes.
package gate

import rego.v1

at := time.parse_rfc3339_ns(input.attempt.at)

flags := input.facts.debtor.flags

debt := [d | some d in input.facts.debts; d.id == input.attempt.debt][0]

is_call if input.attempt.channel == "call"

# Nanoseconds of the last local midnight before a moment.
midnight(ns, zone) := ns - ((((clock[0] * 3600) + (clock[1] * 60)) + clock[2]) * 1000000000) if {
	clock := time.clock([ns, zone])
}

# Whole local days from one moment to now; a day of 23 or 25 hours is one.
days_ago(ns, zone) := round((midnight(at, zone) - midnight(ns, zone)) / 86400000000000)

counted contains i if {
	some i, contact in input.facts.history
	contact.direction == "out"
	contact.channel == "call"
	not contact.outcome in {"busy", "not-in-service"}
}

talked contains i if {
	some i, contact in input.facts.history
	contact.channel == "call"
	contact.outcome == "conversation"
}

within_week(i, zone) if {
	ago := days_ago(time.parse_rfc3339_ns(input.facts.history[i].at), zone)
	ago >= 0
	ago < 7
}

reasons contains "hours" if {
	some zone in input.zones
	clock := time.clock([at, zone])
	minute := (clock[0] * 60) + clock[1]
	shut(minute)
}

shut(minute) if minute < 480

shut(minute) if minute >= 1260

reasons contains "bankruptcy" if flags.bankruptcy.status == "active"

reasons contains "attorney" if flags.attorney

reasons contains "cease" if count(flags.cease) > 0

reasons contains "call-opt-out" if {
	is_call
	flags.call_opt_out
}

reasons contains "email-opt-out" if {
	input.attempt.channel == "email"
	flags.email_opt_out
}

reasons contains "do-not-call" if {
	is_call
	flags.do_not_call
}

reasons contains "dnc-registry" if {
	is_call
	some phone in input.facts.debtor.phones
	phone.number == input.attempt.phone
	count(phone.dnc) > 0
}

reasons contains "closed" if debt.status in {"paid", "recalled", "closed_uncollected", "resolved", "withdrawn_by_creditor"}

reasons contains "disputed" if debt.status == "disputed"

reasons contains "call-count" if {
	is_call
	some zone in input.zones
	count([i | some i in counted; within_week(i, zone)]) >= 7
}

reasons contains "conversation" if {
	is_call
	some zone in input.zones
	some i in talked
	within_week(i, zone)
}
