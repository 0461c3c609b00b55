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
        AND o.ordered_at < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
      GROUP BY
        o.customer_id
      HAVING
        MAX(o.ordered_at) < CAST('2026-02-10 00:00:00-05:00' AS TIMESTAMPTZ)
    ) AS x
    WHERE
      x.key = c.id
  )
