-- Who these customers are, known or not: what they are like drives all they do, what they told is a part of it.
CREATE TEMP TABLE persona ON COMMIT DROP AS
WITH born AS MATERIALIZED (
    SELECT
        id,
        CASE WHEN u(id, 1) < 0.54 THEN 'F' WHEN u(id, 1) < 0.98 THEN 'M' ELSE 'X' END AS sex,
        least(97, 18 + abs(23 + 16 * bell(id, 2))) AS age,
        CASE WHEN u(id, 3) < 0.26 THEN 1 WHEN u(id, 3) < 0.48 THEN 2 WHEN u(id, 3) < 0.80 THEN 3
            WHEN u(id, 3) < 0.95 THEN 4 ELSE 5 END AS schooling,
        floor(u(id, 4) * %(place_slots)s)::integer AS slot,
        %(now)s - interval '2920 days' * power(u(id, 5), 1.35) AS signed_up_at,
        bell(id, 6) AS appetite
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) id
), earning AS MATERIALIZED (
    SELECT born.*, place.city, place.state, place.country, place.postal, place.latitude, place.longitude,
        place.area_code,
        least(schooling, CASE WHEN age < 21 THEN 2 WHEN age < 24 THEN 3 ELSE 5 END) AS degree,
        exp(10.98 + 0.20 * (schooling - 2.2) + 0.44 * bell(id, 7) + 0.011 * (least(age, 56) - 40)) AS income
    FROM born JOIN places place USING (slot)
), settled AS MATERIALIZED (
    SELECT *,
        u(id, 8) < 1 / (1 + exp(0.1 - 0.055 * (least(age, 70) - 40) - 1.1 * ln(income / 70000))) AS owns_home,
        u(id, 9) < CASE WHEN age < 24 THEN 0.05 WHEN age < 60 THEN 0.52 WHEN age < 75 THEN 0.25 ELSE 0.1 END
            AS is_parent,
        -- Membership in the loyalty scheme follows appetite, so the higher tiers buy more.
        CASE WHEN u(id, 10) > 0.56 THEN 0
            WHEN appetite + 0.5 * bell(id, 11) > 1.9 THEN 4
            WHEN appetite + 0.5 * bell(id, 11) > 1.1 THEN 3
            WHEN appetite + 0.5 * bell(id, 11) > 0.3 THEN 2
            ELSE 1 END AS tier,
        greatest(signed_up_at, %(now)s - interval '3 years') AS life_start
    FROM earning
), living AS MATERIALIZED (
    SELECT *,
        -- Four in ten drift away at some point; members rarely do.
        CASE WHEN u(id, 12) < 0.46 - 0.1 * tier
            THEN life_start + (%(now)s - life_start) * power(u(id, 13), 0.8) ELSE %(now)s END AS life_end,
        1.75 * exp(0.8 * appetite) * (ARRAY[0.85, 1.0, 1.15, 1.35, 1.6])[1 + tier] * power(income / 70000, 0.25)
            * CASE WHEN sex = 'F' AND age >= 31 AND state = 'CA' THEN 1.6 ELSE 1 END AS orders_a_year,
        u(id, 14) < CASE WHEN tier > 0 THEN 0.95 ELSE 0.66 END AS buys,
        CASE WHEN u(id, 15) < 0.66 THEN 'subscribed' WHEN u(id, 15) < 0.88 THEN 'unsubscribed'
            WHEN u(id, 15) < 0.945 THEN 'declined' ELSE 'unasked' END AS email_state,
        CASE WHEN u(id, 16) < 0.27 THEN 'subscribed' WHEN u(id, 16) < 0.37 THEN 'unsubscribed'
            WHEN u(id, 16) < 0.86 THEN 'declined' ELSE 'unasked' END AS sms_state,
        CASE WHEN u(id, 17) < 0.33 THEN 'subscribed' WHEN u(id, 17) < 0.40 THEN 'unsubscribed'
            WHEN u(id, 17) < 0.70 THEN 'declined' ELSE 'unasked' END AS post_state,
        CASE WHEN u(id, 18) < 0.34 THEN 0 ELSE least(0.9, 0.08 + 0.7 * power(u(id, 19), 1.3) + 0.05 * tier) END
            AS open_rate,
        0.05 + 0.3 * power(u(id, 20), 2) AS click_rate,
        CASE WHEN u(id, 21) < 0.42 + 0.009 * (42 - least(age, 75)) THEN 0.72 + 0.25 * u(id, 22)
            ELSE 0.04 + 0.36 * u(id, 22) END AS mobile_share,
        power(u(id, 23), 2) AS bargain_hunting,
        1 + floor(u(id, 24) * %(categories)s)::integer AS favourite
    FROM settled
)
SELECT *,
    signed_up_at + (%(now)s - signed_up_at) * u(id, 25) AS email_until,
    signed_up_at + (%(now)s - signed_up_at) * u(id, 26) AS sms_until,
    signed_up_at + (%(now)s - signed_up_at) * u(id, 27) AS post_until,
    extract(epoch FROM life_end - life_start)::double precision / 31557600 AS years,
    extract(epoch FROM life_end - greatest(life_start, %(web_start)s))::double precision / 31557600 AS web_years,
    u(id, 28) < 0.004 AS is_staff,
    u(id, 28) > 0.997 AS is_test
FROM living;

ANALYZE persona;
