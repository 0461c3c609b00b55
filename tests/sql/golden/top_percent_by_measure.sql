SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        r.key
      FROM (
        SELECT
          c2.id AS key,
          RANK() OVER (ORDER BY m.value DESC) AS place,
          COUNT(*) OVER () AS people
        FROM customers AS c2
        LEFT JOIN (
          SELECT
            o.customer_id AS key,
            SUM(o.amount) AS value
          FROM orders AS o
          WHERE
            (
              o.status IN ('cancelled', 'test')
            ) IS NOT TRUE
          GROUP BY
            o.customer_id
        ) AS m
          ON m.key = c2.id
        WHERE
          m.value IS NOT NULL
      ) AS r
      WHERE
        r.place <= CEIL(r.people * 10 * 0.01)
    ) AS x
    WHERE
      x.key = c.id
  )
