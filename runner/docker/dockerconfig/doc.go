// Package dockerconfig reads what the docker command keeps in its folder
// (~/.docker): which engine is used ("docker context") and how to log in to
// registries ("docker login"), so that heitan reaches what the user reaches.
//
// See https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties
package dockerconfig
