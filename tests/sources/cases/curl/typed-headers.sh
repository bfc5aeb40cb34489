curl -A loadtest/1 -H 'Accept: application/xml' -H 'Accept-Language: de' http://shop.test/a
curl -H 'Cache-Control: no-cache' http://shop.test/b
