SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        g.key
      FROM (
        SELECT
          o.customer_id AS key,
          o.ordered_at AS time,
          LAG(o.ordered_at) OVER (PARTITION BY o.customer_id ORDER BY o.ordered_at) AS previous
        FROM orders AS o
        WHERE
          (
            o.status IN ('cancelled', 'test')
          ) IS NOT TRUE
      ) AS g
      WHERE
        g.previous <= g.time - CAST('1440 hours' AS INTERVAL)
        AND g.time >= CAST('2026-02-08 00:00:00-05:00' AS TIMESTAMPTZ)
        AND g.time < CAST('2026-03-10 11:30:00-04:00' AS TIMESTAMPTZ)
      GROUP BY
        g.key
    ) AS x
    WHERE
      x.key = c.id
  )
