-- The rest of what is on record about a person: consent, loyalty, tickets, and the row itself, written once, with the
-- totals of what came before.
INSERT INTO consent_events (id, customer_id, channel, kind, source, occurred_at)
SELECT p.id * 100 + c.n * 10 + e.n, p.id, c.channel, e.kind, e.source, e.happened_at
FROM persona p
CROSS JOIN LATERAL (VALUES (1, 'email', p.email_state, p.email_until), (2, 'sms', p.sms_state, p.sms_until),
    (3, 'post', p.post_state, p.post_until)) c (n, channel, state, until)
CROSS JOIN LATERAL (VALUES
    (1, 'subscribed', 'sign-up', p.signed_up_at, c.state IN ('subscribed', 'unsubscribed')),
    (2, 'unsubscribed', 'link', c.until,
        c.state = 'unsubscribed' OR c.state = 'subscribed' AND c.channel <> 'email' AND u(p.id, 60 + c.n) < 0.04),
    (3, 'subscribed', 'checkout', c.until + (%(now)s - c.until) * u(p.id, 65),
        c.state = 'subscribed' AND c.channel <> 'email' AND u(p.id, 60 + c.n) < 0.04)
) e (n, kind, source, happened_at, happened)
WHERE e.happened;

INSERT INTO loyalty_tier_history (id, customer_id, tier, valid_from, valid_until)
SELECT id, customer_id, tier, valid_from, lead(valid_from) OVER (PARTITION BY customer_id ORDER BY valid_from)
FROM (
    SELECT p.id * 10 + step AS id, p.id AS customer_id,
        (ARRAY['bronze', 'silver', 'gold', 'platinum'])[step] AS tier,
        p.signed_up_at + (%(now)s - p.signed_up_at) * ((step - 1 + u(p.id * 10 + step, 70)) / p.tier) * 0.98 AS valid_from
    FROM persona p CROSS JOIN LATERAL generate_series(1, p.tier) step
    WHERE p.tier > 0
) steps;

INSERT INTO support_tickets (id, customer_id, opened_at, closed_at, channel, topic, satisfaction)
SELECT id, customer_id, opened_at,
    CASE WHEN opened_at + took < %(now)s AND u(id, 83) < 0.97 THEN opened_at + took END,
    pick('{email,email,chat,chat,phone}', u(id, 84)),
    pick(%(ticket_topics)s::text[], u(id, 85)),
    CASE WHEN opened_at + took < %(now)s AND u(id, 83) < 0.97 AND u(id, 86) < 0.5
        THEN (ARRAY[1, 2, 3, 4, 4, 5, 5, 5])[1 + floor(8 * u(id, 87))::integer] END
FROM (
    SELECT p.id * 10 + j AS id, p.id AS customer_id,
        p.life_start + (p.life_end - p.life_start) * u(p.id * 10 + j, 81) AS opened_at,
        interval '1 hour' * (0.2 + 90 * power(u(p.id * 10 + j, 82), 3)) AS took
    FROM persona p
    CROSS JOIN LATERAL generate_series(1, CASE WHEN u(p.id, 80) < 0.03 THEN 3 WHEN u(p.id, 80) < 0.16 THEN 1 ELSE 0 END) j
) asked;

-- The name and e-mail as people typed them. The more people there are, the fewer get an address without a number.
CREATE TEMP TABLE cards ON COMMIT DROP AS
WITH named AS MATERIALIZED (
    SELECT id, sex, age, country, city, postal,
        1 + floor(cardinality(%(first_f)s::text[]) * power(u(id, 30), 1.25))::integer AS woman,
        1 + floor(cardinality(%(first_m)s::text[]) * power(u(id, 30), 1.25))::integer AS man,
        1 + floor(cardinality(%(family_names)s::text[]) * power(u(id, 31), 1.2))::integer AS family,
        u(id, 32) < 0.5 AS woman_if_x,
        CASE country
            WHEN 'GB' THEN pick(%(mail_gb)s::text[], u(id, 33))
            WHEN 'DE' THEN pick(%(mail_de)s::text[], u(id, 33))
            WHEN 'FR' THEN pick(%(mail_fr)s::text[], u(id, 33))
            ELSE pick(%(mail_us)s::text[], u(id, 33)) END AS domain
    FROM persona
), spelt AS MATERIALIZED (
    SELECT *,
        CASE WHEN sex = 'F' OR (sex = 'X' AND woman_if_x) THEN (%(first_f)s::text[])[woman]
            ELSE (%(first_m)s::text[])[man] END AS first_name,
        CASE WHEN sex = 'F' OR (sex = 'X' AND woman_if_x) THEN (%(first_f_ascii)s::text[])[woman]
            ELSE (%(first_m_ascii)s::text[])[man] END AS first_ascii,
        (%(family_names)s::text[])[family] AS last_name,
        (%(family_names_ascii)s::text[])[family] AS last_ascii
    FROM named
)
SELECT id, first_name, last_name,
    CASE WHEN u(id, 34) < 0.45 THEN first_ascii || '.' || last_ascii
        WHEN u(id, 34) < 0.7 THEN left(first_ascii, 1) || last_ascii
        ELSE first_ascii || '_' || last_ascii END
        || CASE WHEN u(id, 35) < 0.3 / (1 + id / 20000.0) THEN '' ELSE mod(id * 7919, 99991)::text END
        || '@' || CASE WHEN u(id, 36) < 0.012 THEN initcap(domain) ELSE domain END AS email
FROM spelt;

INSERT INTO customers (
    id, first_name, last_name, email, phone, birth_date, gender, street, city, state, postal_code, country, latitude,
    longitude, household_income, net_worth, home_ownership, education, occupation, marital_status, has_children,
    children_count, loyalty_tier, loyalty_points, signup_source, signed_up_at, email_opt_in, sms_opt_in, post_opt_in,
    ads_opt_out, preferred_language, interests, lifetime_value, last_seen_at, is_internal, password_hash
)
SELECT
    p.id, card.first_name, card.last_name,
    CASE WHEN p.is_staff OR p.is_test THEN CASE WHEN p.is_test THEN 'test+' ELSE 'staff.' END || p.id || '@fernandfield.example'
        WHEN u(p.id, 40) < 0.03 THEN NULL
        WHEN u(p.id, 40) > 0.9975 THEN replace(card.email, '.com', '')
        -- Couples share an address: the second of a pair uses the first one's.
        WHEN mod(p.id, 2) = 0 AND u(p.id, 37) < 0.008 THEN coalesce(partner.email, card.email)
        ELSE card.email END,
    CASE WHEN p.area_code IS NULL OR u(p.id, 41) < 0.2 THEN NULL
        WHEN p.country = 'US' AND u(p.id, 38) < 0.12
        THEN '(' || p.area_code || ') 555-01' || lpad(mod(p.id, 100)::text, 2, '0')
        WHEN p.country IN ('US', 'CA') THEN '+1' || p.area_code || '55501' || lpad(mod(p.id, 100)::text, 2, '0')
        ELSE '+' || (%(dial_codes)s::jsonb ->> p.country) || replace(p.area_code, ' ', '')
            || lpad(mod(p.id, 1000)::text, 3, '0') || CASE WHEN p.country IN ('FR', 'IE') THEN '7' ELSE '' END END,
    CASE WHEN u(p.id, 43) > 0.11
        THEN (%(today)s::date - interval '1 year' * floor(p.age) - interval '1 day' * floor(365 * mod(p.age::numeric, 1)))::date
    END,
    CASE WHEN u(p.id, 44) > 0.045 THEN p.sex END,
    CASE WHEN u(p.id, 45) < 0.012 THEN NULL WHEN u(p.id, 45) < 0.018 THEN 'N/A'
        ELSE (1 + floor(9800 * power(u(p.id, 46), 2)))::text || ' ' || pick(%(streets)s::text[], u(p.id, 47)) || ' '
            || pick(%(street_kinds)s::text[], u(p.id, 48))
            || CASE WHEN u(p.id, 49) < 0.15 THEN ' Apt ' || (1 + mod(p.id, 40))::text ELSE '' END END,
    CASE WHEN u(p.id, 45) BETWEEN 0.012 AND 0.02 THEN NULL ELSE p.city END,
    CASE WHEN u(p.id, 45) BETWEEN 0.016 AND 0.024 THEN NULL ELSE p.state END,
    CASE WHEN u(p.id, 45) BETWEEN 0.02 AND 0.032 THEN NULL WHEN u(p.id, 45) BETWEEN 0.032 AND 0.036 THEN '00000'
        WHEN p.country IN ('US', 'DE', 'FR', 'CH') THEN p.postal || lpad(mod(p.id, 100)::text, 2, '0')
        WHEN p.country = 'NL' THEN p.postal || lpad(mod(p.id, 100)::text, 2, '0') || ' AB'
        WHEN p.country = 'IE' THEN p.postal || ' X' || lpad(mod(p.id, 1000)::text, 3, '0')
        ELSE p.postal || ' ' || mod(p.id, 10)::text || chr(65 + mod(p.id, 23)::integer) || CASE p.country
            WHEN 'CA' THEN mod(p.id / 10, 10)::text ELSE chr(65 + mod(p.id / 23, 23)::integer) END END,
    p.country,
    p.latitude + 0.06 * bell(p.id, 600), p.longitude + 0.06 * bell(p.id, 601),
    CASE WHEN u(p.id, 602) > 0.17 THEN round(p.income::numeric, -3) END,
    CASE WHEN u(p.id, 603) > 0.31 THEN round((p.income * (0.2 + 0.09 * greatest(0, p.age - 25)) * exp(0.8 * bell(p.id, 604))
        - 25000 + CASE WHEN p.owns_home THEN 90000 ELSE 0 END)::numeric, -3) END,
    CASE WHEN u(p.id, 605) < 0.11 THEN NULL WHEN p.owns_home THEN 'owner'
        WHEN p.age < 30 AND u(p.id, 606) < 0.4 THEN 'family' ELSE 'renter' END,
    CASE WHEN u(p.id, 607) > 0.13
        THEN (ARRAY['high school', 'some college', 'bachelor', 'master', 'doctorate'])[p.degree] END,
    CASE WHEN u(p.id, 608) < 0.16 THEN NULL WHEN p.age > 67 AND u(p.id, 609) < 0.8 THEN 'retired'
        WHEN p.age < 23 AND u(p.id, 609) < 0.6 THEN 'student' ELSE pick(%(occupations)s::text[], u(p.id, 610)) END,
    CASE WHEN u(p.id, 611) < 0.14 THEN NULL WHEN u(p.id, 612) < least(0.62, (p.age - 20) * 0.03) THEN 'married'
        WHEN u(p.id, 613) < 0.12 THEN 'domestic partner' WHEN p.age > 68 AND u(p.id, 613) < 0.6 THEN 'widowed'
        WHEN p.age > 32 AND u(p.id, 613) < 0.4 THEN 'divorced' ELSE 'single' END,
    CASE WHEN u(p.id, 614) > 0.1 THEN p.is_parent END,
    CASE WHEN u(p.id, 614) <= 0.1 THEN NULL WHEN p.is_parent
        THEN (ARRAY[1, 1, 1, 2, 2, 2, 2, 3, 3, 4])[1 + floor(10 * u(p.id, 615))::integer] ELSE 0 END,
    (ARRAY['bronze', 'silver', 'gold', 'platinum'])[nullif(p.tier, 0)],
    CASE WHEN p.tier > 0 THEN floor(coalesce(bought.amount, 0) * (0.5 + u(p.id, 616)))::integer END,
    CASE WHEN u(p.id, 617) > 0.02 THEN pick(%(sources)s::text[], u(p.id, 618)) END,
    p.signed_up_at,
    CASE p.email_state WHEN 'unasked' THEN NULL ELSE p.email_state = 'subscribed' END,
    CASE p.sms_state WHEN 'unasked' THEN NULL ELSE p.sms_state = 'subscribed' END,
    CASE p.post_state WHEN 'unasked' THEN NULL ELSE p.post_state = 'subscribed' END,
    u(p.id, 619) < 0.045,
    CASE WHEN p.country = 'DE' OR p.country = 'CH' THEN 'de' WHEN p.country = 'FR' OR p.city = 'Montréal' THEN 'fr'
        WHEN p.state IN ('CA', 'TX', 'FL', 'AZ', 'NM') AND u(p.id, 620) < 0.13 THEN 'es' ELSE 'en' END,
    CASE WHEN u(p.id, 621) < 0.24 THEN NULL ELSE coalesce((
        SELECT array_agg(word ORDER BY n) FROM unnest(%(interests)s::text[]) WITH ORDINALITY i (word, n)
        WHERE u(p.id * 20 + n, 622) < 0.32 / sqrt(n)
    ), '{}') END,
    bought.amount - coalesce(gone_back.amount, 0),
    greatest(bought.last_at, seen.last_at),
    p.is_staff OR p.is_test,
    md5(u(p.id, 623)::text)
FROM persona p
JOIN cards card ON card.id = p.id
LEFT JOIN cards partner ON partner.id = p.id - 1
LEFT JOIN (
    SELECT customer_id, sum(amount) FILTER (WHERE status <> 'cancelled') AS amount, max(ordered_at) AS last_at
    FROM orders WHERE id BETWEEN %(first)s::bigint * 1000 AND %(last)s::bigint * 1000 + 999 GROUP BY customer_id
) bought ON bought.customer_id = p.id
LEFT JOIN (
    SELECT customer_id, sum(amount) AS amount FROM returns
    WHERE id BETWEEN %(first)s::bigint * 10000 AND %(last)s::bigint * 10000 + 9999 GROUP BY customer_id
) gone_back ON gone_back.customer_id = p.id
LEFT JOIN (
    SELECT customer_id, max(started_at) AS last_at FROM visits WHERE customer_id IS NOT NULL GROUP BY customer_id
) seen ON seen.customer_id = p.id;

DROP TABLE persona, baskets, visits, cards;
