//! The tables, as diesel sees them on both databases. The migrations are the truth; a test compares the two.

diesel::table! {
    creditors (id) {
        id -> Text,
        name -> Text,
        contingency_bps -> Integer,
        max_calls_per_week -> Integer,
        cleared -> Bool,
        not_cleared_reason -> Nullable<Text>,
        contact_email -> Nullable<Text>,
        contact_phone -> Nullable<Text>,
        postal_address -> Nullable<Text>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        creditor_id -> Nullable<Text>,
        email -> Text,
        name -> Text,
        role -> Text,
        password_hash -> Text,
        password_is_temporary -> Bool,
        time_zone -> Text,
        active -> Bool,
        last_sign_in_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    sessions (key_hash) {
        key_hash -> Text,
        user_id -> Nullable<Text>,
        portal_link_id -> Nullable<Text>,
        state -> Text,
        user_agent -> Nullable<Text>,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    throttles (bucket) {
        bucket -> Text,
        failures -> Integer,
        window_started_at -> Timestamp,
        blocked_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        creditor_id -> Nullable<Text>,
        prefix -> Text,
        secret_hash -> Text,
        access -> Text,
        label -> Text,
        created_by -> Nullable<Text>,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    debtors (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        reference -> Nullable<Text>,
        reference_key -> Nullable<Text>,
        kind -> Text,
        name -> Text,
        search_name -> Text,
        address_line1 -> Nullable<Text>,
        address_line2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        zip -> Nullable<Text>,
        language -> Text,
        preferred_contact_method -> Nullable<Text>,
        contact_epoch -> BigInt,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    phones (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        number -> BigInt,
        kind -> Text,
        belongs_to -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    emails (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        address -> Text,
        kind -> Text,
        opted_out_at -> Nullable<Timestamp>,
        used_for_debt_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    flags (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Nullable<Text>,
        kind -> Text,
        detail -> Text,
        source -> Text,
        verified -> Bool,
        stop_request_id -> Nullable<Text>,
        set_by -> Text,
        received_at -> Timestamp,
        set_at -> Timestamp,
        lifted_at -> Nullable<Timestamp>,
        lifted_by -> Nullable<Text>,
        lift_reason -> Nullable<Text>,
        reference -> Nullable<Text>,
    }
}

diesel::table! {
    placements (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        invoice_number -> Text,
        invoice_key -> Text,
        debt_kind -> Text,
        original_creditor -> Nullable<Text>,
        status -> Text,
        status_before_dispute -> Nullable<Text>,
        amount_cents -> BigInt,
        recovered_cents -> BigInt,
        fee_cents -> BigInt,
        due_on -> Nullable<Date>,
        incurred_on -> Nullable<Date>,
        last_payment_on -> Nullable<Date>,
        limitation_expires_on -> Nullable<Date>,
        itemization_on -> Nullable<Date>,
        itemization_amount_cents -> Nullable<BigInt>,
        itemization_interest_cents -> Nullable<BigInt>,
        itemization_fees_cents -> Nullable<BigInt>,
        itemization_credits_cents -> Nullable<BigInt>,
        max_calls_per_week -> Nullable<Integer>,
        notes -> Nullable<Text>,
        recall_reason -> Nullable<Text>,
        outcome_score -> Nullable<Text>,
        import_id -> Nullable<Text>,
        placed_at -> Timestamp,
        resolved_at -> Nullable<Timestamp>,
        updated_at -> Timestamp,
        version -> BigInt,
        posture -> Text,
        included_in_discharge -> Nullable<Bool>,
    }
}

diesel::table! {
    search_words (creditor_id, word, placement_id) {
        creditor_id -> Text,
        word -> Text,
        placement_id -> Text,
    }
}

diesel::table! {
    holds (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        kind -> Text,
        reason -> Nullable<Text>,
        until_at -> Nullable<Timestamp>,
        set_by -> Text,
        set_at -> Timestamp,
        lifted_at -> Nullable<Timestamp>,
        lifted_by -> Nullable<Text>,
    }
}

diesel::table! {
    stop_requests (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Nullable<Text>,
        reference -> Text,
        scope -> Text,
        via -> Text,
        requester -> Text,
        words -> Nullable<Text>,
        in_writing -> Bool,
        verified -> Bool,
        recorded_by -> Text,
        contact_epoch -> BigInt,
        received_at -> Timestamp,
        honoured_at -> Timestamp,
        effective_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    stop_journals (id) {
        id -> Text,
        entries -> BigInt,
        confirmed_at -> Timestamp,
        signed_off_by -> Nullable<Text>,
        signed_off_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    email_sequences (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        debtor_id -> Text,
        status -> Text,
        pause_cause -> Nullable<Text>,
        step -> Integer,
        next_send_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    calls (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        debtor_id -> Text,
        number -> BigInt,
        status -> Text,
        status_cause -> Nullable<Text>,
        scheduled_at -> Timestamp,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        attempt_id -> Nullable<Text>,
        contact_id -> Nullable<Text>,
        simulated -> Bool,
        provider_ref -> Nullable<Text>,
        outcome -> Nullable<Text>,
        duration_seconds -> Nullable<Integer>,
        started_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        version -> BigInt,
        connected_at -> Nullable<Timestamp>,
        answered_by -> Nullable<Text>,
        call_off_asked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    attempts (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Text,
        channel -> Text,
        address -> Text,
        call_id -> Nullable<Text>,
        sequence_id -> Nullable<Text>,
        step -> Nullable<Integer>,
        initiator -> Text,
        status -> Text,
        contact_epoch -> BigInt,
        decision_id -> Text,
        contact_id -> Text,
        worker -> Text,
        provider_ref -> Nullable<Text>,
        error -> Nullable<Text>,
        authorised_at -> Timestamp,
        deadline_at -> Timestamp,
        lease_until -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        look_up_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    contacts (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Text,
        at -> Timestamp,
        channel -> Text,
        direction -> Text,
        outcome -> Text,
        party -> Text,
        purpose -> Nullable<Text>,
        address -> Nullable<Text>,
        initiator -> Text,
        logged_by -> Text,
        decision_id -> Nullable<Text>,
        contact_epoch -> Nullable<BigInt>,
        mini_miranda -> Nullable<Bool>,
        identified_as_collector -> Nullable<Bool>,
        excluded -> Nullable<Text>,
        in_flight_at_recall -> Bool,
        source -> Text,
        duration_seconds -> Nullable<Integer>,
        notes -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    acknowledgements (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        decision_id -> Text,
        contact_id -> Nullable<Text>,
        rule -> Text,
        shown -> Text,
        evidence -> Text,
        acknowledged_by -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    decisions (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Text,
        at -> Timestamp,
        asked_by -> Text,
        occasion -> Text,
        channel -> Text,
        initiator -> Text,
        outcome -> Text,
        binding_rule -> Nullable<Text>,
        earliest_lawful_at -> Nullable<Timestamp>,
        policy_version -> Text,
        digest -> Text,
        attempt -> Text,
        facts -> Text,
        decision -> Text,
    }
}

diesel::table! {
    alerts (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Text,
        decision_id -> Nullable<Text>,
        alert_type -> Text,
        rule -> Text,
        severity -> Text,
        status -> Text,
        message -> Text,
        caused_by -> Text,
        created_at -> Timestamp,
        acknowledged_by -> Nullable<Text>,
        acknowledged_at -> Nullable<Timestamp>,
        acknowledge_note -> Nullable<Text>,
        resolved_by -> Nullable<Text>,
        resolved_at -> Nullable<Timestamp>,
        resolve_note -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    payments (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        amount_cents -> BigInt,
        fee_cents -> BigInt,
        fee_bps -> Integer,
        paid_on -> Date,
        method -> Text,
        reference -> Nullable<Text>,
        note -> Nullable<Text>,
        source -> Text,
        recorded_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    disputes (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        debtor_id -> Text,
        reason -> Text,
        details -> Nullable<Text>,
        in_writing -> Bool,
        via -> Text,
        status -> Text,
        received_at -> Timestamp,
        responded_at -> Nullable<Timestamp>,
        response -> Nullable<Text>,
        recorded_by -> Text,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    letters (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        debtor_id -> Text,
        letter_type -> Text,
        sent_on -> Date,
        method -> Text,
        assumed_receipt_on -> Nullable<Date>,
        period_ends_on -> Nullable<Date>,
        returned_on -> Nullable<Date>,
        created_by -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    consents (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Text,
        placement_id -> Nullable<Text>,
        kind -> Text,
        number -> Nullable<BigInt>,
        detail -> Text,
        evidence -> Text,
        given_to -> Text,
        received_at -> Timestamp,
        through_on -> Nullable<Date>,
        revoked_at -> Nullable<Timestamp>,
        recorded_by -> Text,
        created_at -> Timestamp,
        via -> Text,
        address -> Nullable<Text>,
        reference -> Nullable<Text>,
        revoked_by -> Nullable<Text>,
        revoked_via -> Nullable<Text>,
        revoked_words -> Nullable<Text>,
        revocation_reference -> Nullable<Text>,
        revocation_recorded_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    dnc_entries (number, scope, source) {
        number -> BigInt,
        scope -> Text,
        source -> Text,
        list_id -> Nullable<Text>,
        added_on -> Date,
        expires_on -> Nullable<Date>,
    }
}

diesel::table! {
    dnc_loads (id) {
        id -> Text,
        version -> BigInt,
        scope -> Text,
        list -> Text,
        source -> Text,
        mode -> Text,
        file_name -> Text,
        status -> Text,
        has_blocks -> Bool,
        as_of -> Date,
        expires_on -> Nullable<Date>,
        numbers -> BigInt,
        added -> BigInt,
        removed -> BigInt,
        invalid -> BigInt,
        bytes_read -> BigInt,
        bytes_total -> Nullable<BigInt>,
        error -> Nullable<Text>,
        claimed_by -> Text,
        claimed_until -> Timestamp,
        created_by -> Text,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    dnc_blocks (version, prefix) {
        version -> BigInt,
        prefix -> BigInt,
        lines -> Binary,
    }
}

diesel::table! {
    tasks (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        debtor_id -> Nullable<Text>,
        placement_id -> Nullable<Text>,
        kind -> Text,
        title -> Text,
        due_at -> Nullable<Timestamp>,
        status -> Text,
        done_by -> Nullable<Text>,
        done_at -> Nullable<Timestamp>,
        note -> Nullable<Text>,
        created_at -> Timestamp,
        version -> BigInt,
        taken_by -> Nullable<Text>,
        taken_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    imports (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        kind -> Text,
        status -> Text,
        file_name -> Text,
        sha256 -> Text,
        mapping -> Nullable<Text>,
        total_rows -> Integer,
        next_row -> Integer,
        created_rows -> Integer,
        duplicate_rows -> Integer,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        error -> Nullable<Text>,
        created_by -> Text,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        version -> BigInt,
    }
}

diesel::table! {
    import_files (creditor_id, import_id) {
        creditor_id -> Text,
        import_id -> Text,
        content -> Binary,
    }
}

diesel::table! {
    import_results (creditor_id, import_id, line) {
        creditor_id -> Text,
        import_id -> Text,
        line -> Integer,
        outcome -> Text,
        invoice_number -> Text,
        placement_id -> Nullable<Text>,
    }
}

diesel::table! {
    import_mappings (creditor_id, kind) {
        creditor_id -> Text,
        kind -> Text,
        mapping -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    portal_links (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        placement_id -> Text,
        debtor_id -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    portal_codes (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        link_id -> Text,
        code_hash -> Text,
        tries -> Integer,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    outbox (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        topic -> Text,
        event_type -> Text,
        subject -> Text,
        payload -> Text,
        dedupe_key -> Text,
        status -> Text,
        attempts -> Integer,
        available_at -> Timestamp,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency_keys (scope, idempotency_key) {
        scope -> Text,
        idempotency_key -> Text,
        request_hash -> Text,
        status -> Nullable<Integer>,
        response -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    policies (version) {
        version -> Text,
        content -> Text,
        activated_by -> Text,
        activated_at -> Timestamp,
    }
}

diesel::table! {
    audit_chains (chain) {
        chain -> Text,
        length -> BigInt,
        head -> Text,
    }
}

diesel::table! {
    audit_events (chain, seq) {
        chain -> Text,
        seq -> BigInt,
        id -> Text,
        at -> Timestamp,
        kind -> Text,
        actor -> Text,
        debtor_id -> Nullable<Text>,
        placement_id -> Nullable<Text>,
        cause -> Nullable<Text>,
        body -> Text,
        prev_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_details (chain, seq) {
        chain -> Text,
        seq -> BigInt,
        salt -> Text,
        value -> Text,
    }
}

diesel::table! {
    audit_checkpoints (id) {
        id -> Text,
        at -> Timestamp,
        note -> Text,
    }
}

diesel::table! {
    webhook_endpoints (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        url -> Text,
        description -> Text,
        event_types -> Nullable<Text>,
        status -> Text,
        status_reason -> Nullable<Text>,
        status_at -> Timestamp,
        failing_since -> Nullable<Timestamp>,
        quiet_until -> Nullable<Timestamp>,
        created_by -> Text,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    webhook_secrets (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        endpoint_id -> Text,
        created_by -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_deliveries (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        endpoint_id -> Text,
        message_id -> Text,
        event_type -> Text,
        subject -> Text,
        position -> BigInt,
        status -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamp,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        repeats -> Nullable<Text>,
        created_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_attempts (creditor_id, delivery_id, number) {
        creditor_id -> Text,
        delivery_id -> Text,
        number -> Integer,
        at -> Timestamp,
        process -> Text,
        url -> Text,
        signed_timestamp -> BigInt,
        signature -> Text,
        duration_ms -> Integer,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
        answer_headers -> Nullable<Text>,
        answer_body -> Nullable<Text>,
    }
}

diesel::table! {
    processes (id) {
        id -> Text,
        kind -> Text,
        version -> Text,
        started_at -> Timestamp,
        seen_at -> Timestamp,
        stopped_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    worker_loops (process, name) {
        process -> Text,
        name -> Text,
        turns -> BigInt,
        done -> BigInt,
        last_turn_at -> Timestamp,
        last_success_at -> Nullable<Timestamp>,
        failures -> Integer,
        last_error -> Nullable<Text>,
        last_error_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    policy_activations (seq) {
        seq -> BigInt,
        version -> Text,
        origin -> Text,
        activated_by -> Text,
        activated_at -> Timestamp,
    }
}

diesel::table! {
    audit_verifications (id) {
        id -> Text,
        status -> Text,
        requested_by -> Text,
        requested_at -> Timestamp,
        events_done -> BigInt,
        events_total -> BigInt,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    audit_verified_chains (chain) {
        chain -> Text,
        verification_id -> Text,
        events -> BigInt,
        finding -> Nullable<Text>,
        verified_at -> Timestamp,
    }
}

diesel::table! {
    email_steps (creditor_id, step) {
        creditor_id -> Text,
        step -> Integer,
        template -> Text,
        wait_hours -> Integer,
    }
}

diesel::table! {
    email_suppressions (creditor_id, address) {
        creditor_id -> Text,
        address -> Text,
        cause -> Text,
        since_at -> Timestamp,
    }
}

diesel::table! {
    inbound_messages (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        provider_ref -> Text,
        debtor_id -> Nullable<Text>,
        placement_id -> Nullable<Text>,
        from_address -> Text,
        subject -> Text,
        body -> Text,
        own_words -> Text,
        raw -> Text,
        matched_by -> Text,
        sender_known -> Bool,
        dkim -> Text,
        reading -> Text,
        status -> Text,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        note -> Nullable<Text>,
        received_at -> Timestamp,
        version -> BigInt,
        channel -> Text,
    }
}

diesel::table! {
    inbound_holds (creditor_id, hold_id) {
        creditor_id -> Text,
        hold_id -> Text,
        message_id -> Text,
        debtor_id -> Text,
        placement_id -> Text,
    }
}

diesel::table! {
    inbound_attachments (creditor_id, id) {
        creditor_id -> Text,
        id -> Text,
        message_id -> Text,
        name -> Text,
        kind -> Text,
        size -> Integer,
        sha256 -> Text,
        content -> Nullable<Binary>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    email_steps,
    email_suppressions,
    inbound_messages,
    inbound_holds,
    inbound_attachments,
    creditors,
    users,
    sessions,
    throttles,
    api_keys,
    debtors,
    phones,
    emails,
    flags,
    placements,
    search_words,
    holds,
    stop_requests,
    email_sequences,
    calls,
    attempts,
    contacts,
    acknowledgements,
    decisions,
    alerts,
    payments,
    disputes,
    letters,
    consents,
    dnc_entries,
    dnc_loads,
    dnc_blocks,
    tasks,
    imports,
    import_files,
    import_results,
    import_mappings,
    portal_links,
    portal_codes,
    outbox,
    idempotency_keys,
    policies,
    audit_chains,
    audit_events,
    audit_details,
    audit_checkpoints,
    policy_activations,
    audit_verifications,
    audit_verified_chains,
    webhook_endpoints,
    webhook_secrets,
    webhook_deliveries,
    webhook_attempts,
    processes,
    worker_loops,
);
