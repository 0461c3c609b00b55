-- What was sent to whom while they were subscribed, and what became of it.
INSERT INTO messages (id, customer_id, campaign_id, channel, sent_at)
SELECT p.id * 1000 + r.n, p.id, r.campaign_id, r.channel, r.sent_at
FROM persona p
JOIN reaches r ON r.channel = 'email' AND r.sent_at > p.signed_up_at
    AND (p.email_state = 'subscribed' OR r.sent_at < p.email_until) AND u(p.id * 1000 + r.n, 200) < r.reach
WHERE p.email_state IN ('subscribed', 'unsubscribed') AND u(p.id, 40) > 0.03
UNION ALL
SELECT p.id * 1000 + r.n, p.id, r.campaign_id, r.channel, r.sent_at
FROM persona p
JOIN reaches r ON r.channel = 'sms' AND r.sent_at > p.signed_up_at
    AND (p.sms_state = 'subscribed' OR r.sent_at < p.sms_until) AND u(p.id * 1000 + r.n, 200) < r.reach
WHERE p.sms_state IN ('subscribed', 'unsubscribed') AND u(p.id, 41) > 0.2
    AND p.area_code IS NOT NULL;

INSERT INTO message_events (id, message_id, customer_id, campaign_id, channel, kind, occurred_at)
WITH fate AS MATERIALIZED (
    SELECT m.*, p.open_rate, p.click_rate,
        u(m.id, 210) < CASE WHEN u(p.id, 42) < 0.015 THEN 0.1 ELSE 0.985 END AS arrived,
        m.sent_at + interval '1 minute' * (1 + 2000 * power(u(m.id, 211), 4)) AS read_at
    FROM messages m JOIN persona p ON p.id = m.customer_id
    WHERE m.id BETWEEN %(first)s::bigint * 1000 AND %(last)s::bigint * 1000 + 999
), read AS MATERIALIZED (
    SELECT *, arrived AND channel = 'email' AND u(id, 212) < open_rate AS opened FROM fate
), told AS MATERIALIZED (
    SELECT *, CASE channel WHEN 'email' THEN opened AND u(id, 213) < click_rate
        ELSE arrived AND u(id, 213) < 0.4 * click_rate END AS clicked,
        row_number() OVER (PARTITION BY customer_id, channel ORDER BY sent_at DESC) = 1 AS is_last
    FROM read
)
SELECT t.id * 10 + e.n, t.id, t.customer_id, t.campaign_id, t.channel, e.kind, e.happened_at
FROM told t
JOIN persona p ON p.id = t.customer_id
CROSS JOIN LATERAL (VALUES
    (0, CASE WHEN t.arrived THEN 'delivered' ELSE 'bounced' END, true, t.sent_at + interval '20 seconds'),
    (1, 'opened', t.opened, t.read_at),
    (2, 'clicked', t.clicked, t.read_at + interval '1 minute' * (1 + 8 * u(t.id, 214))),
    (3, 'complained', t.arrived AND u(t.id, 215) < 0.0015, t.read_at + interval '1 minute'),
    (4, 'unsubscribed', t.is_last AND t.channel = 'email' AND p.email_state = 'unsubscribed', p.email_until),
    (5, 'unsubscribed', t.is_last AND t.channel = 'sms' AND p.sms_state = 'unsubscribed', p.sms_until)
) e (n, kind, happened, happened_at)
WHERE e.happened AND e.happened_at < %(now)s;
