SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        f.key
      FROM (
        SELECT
          v.customer_id AS key,
          v.day AS time,
          RANK() OVER (PARTITION BY v.customer_id ORDER BY v.day DESC NULLS LAST) AS place
        FROM visits AS v
        WHERE
          v.device IN ('mobile', 'desktop', 'tablet') AND v.day IS NOT NULL
      ) AS f
      WHERE
        f.place = 1
        AND NOT EXISTS(
          SELECT
            1
          FROM orders AS o
          WHERE
            o.customer_id = f.key
            AND CAST(o.ordered_at AT TIME ZONE 'America/New_York' AS DATE) >= f.time
            AND (
              o.status IN ('cancelled', 'test')
            ) IS NOT TRUE
        )
      GROUP BY
        f.key
    ) AS x
    WHERE
      x.key = c.id
  )
