-- Tallyboard, a software company: people use it, their companies pay for it. Keys are UUIDs kept as text; nothing enforces
-- that a user's account exists.
CREATE SCHEMA app;

CREATE TABLE app.accounts (
    account_id text PRIMARY KEY,
    name text NOT NULL,
    plan text NOT NULL,
    seats integer,
    industry text,
    country text,
    mrr numeric(10, 2),
    billing_cycle text,
    trial_ends_on date,
    created_at timestamptz NOT NULL,
    churned_at timestamptz,
    success_manager text
);

CREATE TABLE app.users (
    user_id text PRIMARY KEY,
    account_id text,
    full_name text,
    email text,
    role text NOT NULL,
    job_title text,
    locale text,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz,
    two_factor boolean NOT NULL,
    product_updates boolean,
    is_internal boolean NOT NULL
);

CREATE TABLE app.logins (
    login_id bigint PRIMARY KEY,
    user_id text NOT NULL,
    logged_in_at timestamptz NOT NULL,
    device text NOT NULL,
    method text
);

CREATE TABLE app.usage_events (
    event_id bigint PRIMARY KEY,
    user_id text NOT NULL,
    name text NOT NULL,
    occurred_at timestamptz NOT NULL,
    props jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE app.invoices (
    invoice_id text PRIMARY KEY,
    account_id text NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    amount numeric(10, 2) NOT NULL,
    status text NOT NULL
);

CREATE TABLE app.payments (
    payment_id bigint PRIMARY KEY,
    invoice_id text NOT NULL,
    paid_at timestamptz NOT NULL,
    amount numeric(10, 2) NOT NULL,
    method text NOT NULL,
    failed boolean NOT NULL
);

CREATE TABLE app.plan_changes (
    change_id bigint PRIMARY KEY,
    account_id text NOT NULL,
    changed_at timestamptz NOT NULL,
    kind text NOT NULL,
    from_plan text,
    to_plan text
);

CREATE TABLE app.tickets (
    ticket_id bigint PRIMARY KEY,
    requester_id text NOT NULL,
    opened_at timestamptz NOT NULL,
    solved_at timestamptz,
    priority text NOT NULL,
    topic text,
    satisfaction integer
);

CREATE TABLE app.nps_responses (
    response_id bigint PRIMARY KEY,
    user_id text NOT NULL,
    answered_at timestamptz NOT NULL,
    score integer NOT NULL,
    comment text
);

CREATE TABLE app.emails (
    email_id bigint PRIMARY KEY,
    user_id text NOT NULL,
    campaign text NOT NULL,
    sent_at timestamptz NOT NULL,
    opened_at timestamptz,
    clicked_at timestamptz
);

CREATE INDEX ON app.users (account_id);
CREATE INDEX ON app.logins (user_id, logged_in_at);
CREATE INDEX ON app.usage_events (user_id, name, occurred_at);
