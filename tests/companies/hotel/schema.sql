-- Haus & Hafen, a hotel group. The front desk's system knows days, not hours, and keeps no references between its tables.
CREATE SCHEMA pms;

CREATE TABLE pms.guests (
    guest_id integer PRIMARY KEY,
    salutation text,
    first_name text,
    last_name text,
    email text,
    mobile text,
    date_of_birth date,
    gender text,
    city text,
    postal_code text,
    country text,
    language text,
    tier text NOT NULL,
    points integer NOT NULL,
    joined_on date NOT NULL,
    corporate boolean NOT NULL,
    newsletter boolean,
    letters boolean,
    blacklisted boolean NOT NULL
);

CREATE TABLE pms.hotels (
    hotel_id integer PRIMARY KEY,
    name text NOT NULL,
    city text NOT NULL,
    country text NOT NULL,
    stars integer NOT NULL,
    spa boolean NOT NULL
);

CREATE TABLE pms.room_types (
    code text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE pms.stays (
    stay_id integer PRIMARY KEY,
    guest_id integer NOT NULL,
    hotel_id integer NOT NULL,
    room_type text NOT NULL,
    status text NOT NULL,
    booked_on date NOT NULL,
    check_in date NOT NULL,
    check_out date NOT NULL,
    nights integer NOT NULL,
    rate numeric(8, 2),
    total numeric(10, 2),
    adults integer NOT NULL,
    children integer NOT NULL,
    breakfast boolean NOT NULL,
    purpose text,
    channel text NOT NULL
);

CREATE TABLE pms.points_ledger (
    entry_id integer PRIMARY KEY,
    guest_id integer NOT NULL,
    posted_on date NOT NULL,
    kind text NOT NULL,
    points integer NOT NULL
);

CREATE TABLE pms.tier_history (
    guest_id integer NOT NULL,
    tier text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (guest_id, valid_from)
);

CREATE TABLE pms.offers (
    offer_id integer PRIMARY KEY,
    name text NOT NULL,
    theme text NOT NULL
);

CREATE TABLE pms.offer_sends (
    send_id integer PRIMARY KEY,
    offer_id integer NOT NULL,
    guest_id integer NOT NULL,
    sent_on date NOT NULL,
    opened_on date,
    redeemed_on date
);

CREATE TABLE pms.reviews (
    review_id integer PRIMARY KEY,
    stay_id integer NOT NULL,
    written_on date NOT NULL,
    score integer NOT NULL,
    comment text
);

CREATE INDEX ON pms.stays (guest_id, check_in);
CREATE INDEX ON pms.points_ledger (guest_id, posted_on);
CREATE INDEX ON pms.offer_sends (guest_id, sent_on);
CREATE INDEX ON pms.reviews (stay_id);
