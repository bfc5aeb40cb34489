# What somebody typed; a shell would run it.
curl -sSL "https://api.shop.test/orders?page=1" -H "Accept: application/json" | jq .
curl -X PUT https://api.shop.test/orders/17 -d name=kettle -d "note=two words"
curl -G https://api.shop.test/search --data-urlencode "q=red & blue" -d limit=5
curl -u ann:secret-1 https://api.shop.test/private; curl --digest -u ann:secret-1 https://api.shop.test/digest
curl --json '{"item": "A-1", "count": 2}' https://api.shop.test/cart -m 2.5 -k && echo done
curl -F 'photo=@photo.png;type=image/png' -F "note=for 'you'" -F 'lost=@../outside.png' https://api.shop.test/upload
curl --data-binary @body.json -H 'Content-Type: application/json' https://api.shop.test/raw
curl -H "X-Api-Key: k-123456" -H "X-Name: $NAME" --weird https://api.shop.test/keys -o /dev/null -w '%{http_code}'
curl -XDELETE 'https://ann:pw@other.shop.test:8443/x' -b 'sid=b7e1f0c92d4a4b6f; lang=en' --next -I shop.test/head
