SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        o.customer_id AS key
      FROM orders AS o
      WHERE
        (
          o.status IN ('cancelled', 'test')
        ) IS NOT TRUE
        AND o.ordered_at >= CAST('2025-09-01 00:00:00-04:00' AS TIMESTAMPTZ)
        AND o.ordered_at < CAST('2026-03-01 00:00:00-05:00' AS TIMESTAMPTZ)
      GROUP BY
        o.customer_id
      HAVING
        COUNT(
          DISTINCT WIDTH_BUCKET(
            o.ordered_at,
            CAST(ARRAY[
              '2025-09-01 00:00:00-04:00',
              '2025-10-01 00:00:00-04:00',
              '2025-11-01 00:00:00-04:00',
              '2025-12-01 00:00:00-05:00',
              '2026-01-01 00:00:00-05:00',
              '2026-02-01 00:00:00-05:00',
              '2026-03-01 00:00:00-05:00'
            ] AS TIMESTAMPTZ[])
          )
        ) >= 2
    ) AS x
    WHERE
      x.key = c.id
  )
