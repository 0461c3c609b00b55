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
          c2.income AS value
        FROM customers AS c2
        WHERE
          c2.income IS NOT NULL AND c2.gender = 'F'
      ) AS r
      WHERE
        r.value < (
          SELECT
            PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY
              q.value)
          FROM (
            SELECT
              c2.income AS value
            FROM customers AS c2
            WHERE
              c2.income IS NOT NULL AND c2.gender = 'F'
          ) AS q
        )
    ) AS x
    WHERE
      x.key = c.id
  )
