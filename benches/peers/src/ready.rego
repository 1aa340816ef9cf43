# The same rules in Rego on facts that were worked out before, as Cedar gets them.
package ready

import rego.v1

is_call if input.channel == "call"

reasons contains "hours" if input.earliest_minute < 480

reasons contains "hours" if input.latest_minute >= 1260

reasons contains "bankruptcy" if input.bankruptcy == "active"

reasons contains "attorney" if input.attorney

reasons contains "cease" if input.cease

reasons contains "call-opt-out" if {
	is_call
	input.call_opt_out
}

reasons contains "email-opt-out" if {
	input.channel == "email"
	input.email_opt_out
}

reasons contains "do-not-call" if {
	is_call
	input.do_not_call
}

reasons contains "dnc-registry" if {
	is_call
	input.listed
}

reasons contains "closed" if input.status in {"paid", "recalled", "closed_uncollected", "resolved", "withdrawn_by_creditor"}

reasons contains "disputed" if input.status == "disputed"

reasons contains "call-count" if {
	is_call
	input.calls_in_seven_days >= 7
}

reasons contains "conversation" if {
	is_call
	input.conversations_in_seven_days >= 1
}
